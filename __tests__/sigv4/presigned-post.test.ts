/** createPresignedPost: the fields of a form, the conditions of its policy, and AWS's worked example. */
import { createHmac } from 'node:crypto';
import example from '../../fixtures/s3-post-policy.json';
import { createPresignedPost, SigningKey, type PostPolicy, type PresignPostOptions } from '../../lib/sigv4/index.js';
import { measureGrowth } from '../stand-ins/counted-steps.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/KEY' } as const;
const options = { region: 'eu-west-1', credentials, date: new Date('2026-11-22T12:34:56.789Z') } as const;
const upload = { url: 'https://b.s3.eu-west-1.amazonaws.com/', bucket: 'b', key: 'user/photo.jpg' } as const;
const ours = [
  { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
  { 'x-amz-credential': 'AKIDEXAMPLE/20261122/eu-west-1/s3/aws4_request' },
  { 'x-amz-date': '20261122T123456Z' },
];

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

const decode = (policy: string | undefined): Policy =>
  JSON.parse(Buffer.from(policy ?? '', 'base64').toString('utf8')) as Policy;

function presign(policy: Partial<PostPolicy>, changes: Partial<PresignPostOptions> = {}) {
  const post = createPresignedPost({ ...upload, ...policy }, { ...options, ...changes } as PresignPostOptions);
  return { ...post, policy: decode(post.fields['policy']) };
}

/** The signature as AWS describes it, by node:crypto alone. */
function sign(policy: string, secret: string, parts: readonly string[]): string {
  const key = parts.reduce<Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  return createHmac('sha256', key).update(policy).digest('hex');
}

describe("AWS's worked example", () => {
  const { bucket, date, policyBase64, region, service, signature } = example;

  it('has the signature', () => {
    const key = new SigningKey(example.credentials.secretAccessKey, { date: new Date(date), region, service });
    expect(key.sign(policyBase64)).toBe(signature);
    expect(sign(policyBase64, example.credentials.secretAccessKey, ['20151229', region, service, 'aws4_request'])).toBe(
      signature,
    );
  });

  it('has the conditions', () => {
    const [, startsWithKey, acl, redirect, contentType, uuid, encryption, tag, ...signed] = example.policy.conditions;
    const { policy, fields } = presign(
      {
        url: `http://${bucket}.s3.amazonaws.com/`,
        bucket,
        key: 'user/user1/${filename}',
        fields: Object.assign({}, acl, redirect, uuid, encryption) as Record<string, string>,
        conditions: [contentType, tag] as never,
        expiresIn: 36 * 3600,
      },
      { credentials: example.credentials, region, date: new Date(date) },
    );
    expect(policy.expiration).toBe(example.policy.expiration);
    expect(new Set(policy.conditions)).toStrictEqual(
      new Set([{ bucket }, startsWithKey, acl, redirect, contentType, uuid, encryption, tag, ...signed]),
    );
    expect(fields['x-amz-credential']).toBe('AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request');
  });
});

it('gives the fields in the order of a form, and signs the policy as it stands in base64', () => {
  const { url, fields } = presign({ fields: { acl: 'private' } });
  expect(url).toBe(upload.url);
  expect(Object.keys(fields)).toStrictEqual([
    'key',
    'acl',
    'x-amz-algorithm',
    'x-amz-credential',
    'x-amz-date',
    'policy',
    'x-amz-signature',
  ]);
  expect(fields).toMatchObject({ key: upload.key, acl: 'private', ...ours[0], ...ours[1], ...ours[2] });
  expect(fields['x-amz-signature']).toBe(
    sign(fields['policy'] ?? '', credentials.secretAccessKey, ['20261122', 'eu-west-1', 's3', 'aws4_request']),
  );
});

it('has a condition for every field', () => {
  const { policy } = presign({
    fields: { acl: 'private', 'Content-Type': 'image/png', 'x-amz-meta-a': '', success_action_status: '201' },
    conditions: [['content-length-range', 0, 10]],
  });
  expect(policy.conditions).toStrictEqual([
    ['content-length-range', 0, 10],
    { bucket: 'b' },
    { key: 'user/photo.jpg' },
    { acl: 'private' },
    { 'Content-Type': 'image/png' },
    { 'x-amz-meta-a': '' },
    { success_action_status: '201' },
    ...ours,
  ]);
});

it('has none for what S3 ignores', () => {
  const { policy, fields } = presign({ fields: { 'X-Ignore-This': 'a' } });
  expect(fields).toHaveProperty('X-Ignore-This', 'a');
  expect(policy.conditions).toStrictEqual([{ bucket: 'b' }, { key: upload.key }, ...ours]);
});

it('has the token of temporary credentials as a field with a condition', () => {
  const { policy, fields } = presign({}, { credentials: { ...credentials, sessionToken: 'a/b+c==' } });
  expect(fields['x-amz-security-token']).toBe('a/b+c==');
  expect(policy.conditions).toContainEqual({ 'x-amz-security-token': 'a/b+c==' });
});

describe('the key', () => {
  it.each([
    ['user/${filename}', ['starts-with', '$key', 'user/']],
    ['${filename}', ['starts-with', '$key', '']],
    ['a/${filename}.jpg', ['starts-with', '$key', 'a/']],
    ['a/${filename}/${filename}', ['starts-with', '$key', 'a/']],
    ['a/$filename', { key: 'a/$filename' }],
    ['a/${filename', { key: 'a/${filename' }],
    ['a/${FILENAME}', { key: 'a/${FILENAME}' }],
    [' a b+c&=<"\\\t', { key: ' a b+c&=<"\\\t' }],
    ['Grüße/💛\u2028\u007f', { key: 'Grüße/💛\u2028\u007f' }],
  ])('%j has its condition', (key, condition) => {
    const { policy, fields } = presign({ key });
    expect(fields['key']).toBe(key);
    expect(policy.conditions).toStrictEqual([{ bucket: 'b' }, condition, ...ours]);
  });

  it('is in a policy of UTF-8 without escapes, which not all stores know', () => {
    const { fields } = presign({ key: 'Grüße/💛' });
    expect(Buffer.from(fields['policy'] ?? '', 'base64').toString('utf8')).toContain('"key":"Grüße/💛"');
  });
});

describe("the caller's conditions", () => {
  it.each([
    ['eq', [['eq', '$acl', 'private']], [{ acl: 'private' }]],
    ['an object', [{ acl: 'private' }], [{ acl: 'private' }]],
    ['starts-with', [['starts-with', '$Content-Type', 'image/']], [['starts-with', '$Content-Type', 'image/']]],
    ['anything', [['starts-with', '$x-amz-meta-tag', '']], [['starts-with', '$x-amz-meta-tag', '']]],
    ['content-length-range', [['content-length-range', 1, 1]], [['content-length-range', 1, 1]]],
    [
      'several',
      [{ acl: 'private' }, ['content-length-range', 0, 5_000_000_000]],
      [{ acl: 'private' }, ['content-length-range', 0, 5_000_000_000]],
    ],
  ])('are taken over: %s', (_, conditions, expected) => {
    const { policy } = presign({ conditions: conditions as never });
    expect(policy.conditions).toStrictEqual([...expected, { bucket: 'b' }, { key: upload.key }, ...ours]);
  });

  it.each([
    ['the key', {}, ['starts-with', '$key', 'user/']],
    ['the key, in any case', {}, ['starts-with', '$KEY', 'user/']],
    ['the bucket', {}, { bucket: 'b' }],
    ['a field', { fields: { 'Content-Type': 'image/png' } }, ['starts-with', '$content-type', 'image/']],
    ['a key with a file name', { key: 'user/${filename}' }, ['starts-with', '$key', 'user/']],
    ['a key with a file name, which shall have a beginning', { key: '${filename}' }, ['starts-with', '$key', 'a']],
  ])('on %s stand in the place of ours', (_, policy, condition) => {
    const { policy: signed } = presign({ ...policy, conditions: [condition as never] });
    const name = Array.isArray(condition) ? String(condition[1]).slice(1).toLowerCase() : 'bucket';
    const named = signed.conditions.filter((each) =>
      Array.isArray(each) ? String(each[1]).toLowerCase() === `$${name}` : Object.hasOwn(each as object, name),
    );
    expect(named).toStrictEqual([condition]);
  });
});

describe('the end', () => {
  it.each([
    [undefined, '2026-11-22T12:49:56.789Z'],
    [1, '2026-11-22T12:34:57.789Z'],
    [604_800, '2026-11-29T12:34:56.789Z'],
  ])('is after %s seconds', (expiresIn, expiration) => {
    expect(presign({ expiresIn }).policy.expiration).toBe(expiration);
    expect(presign({}, { expiresIn }).policy.expiration).toBe(expiration);
  });

  it("is the policy's, where an option says another", () => {
    expect(presign({ expiresIn: 1 }, { expiresIn: 2 }).policy.expiration).toBe('2026-11-22T12:34:57.789Z');
  });
});

describe('the signer', () => {
  it('may be a derived key', () => {
    const signingKey = new SigningKey(credentials.secretAccessKey, {
      date: options.date,
      region: 'eu-west-1',
      service: 's3',
    });
    const post = createPresignedPost(upload, {
      signingKey,
      accessKeyId: credentials.accessKeyId,
      date: options.date,
    });
    expect(post).toStrictEqual(createPresignedPost(upload, options));
  });

  it('signs for another service where asked to', () => {
    expect(presign({}, { service: 's3-outposts' }).fields['x-amz-credential']).toContain('/s3-outposts/');
  });
});

it('keeps the URL but for its fragment', () => {
  expect(presign({ url: 'http://localhost:8000/b#a' }).url).toBe('http://localhost:8000/b');
});

it('takes any number of fields with any number of conditions', async () => {
  const presignMany = (size: number): void => {
    const fields = Array.from({ length: size }, (_, i) => [`x-amz-meta-${String(i)}`, 'a'] as const);
    const conditions = fields.map(([name]) => ['starts-with', `$${name}`, ''] as const);
    const { policy } = presign({ fields: Object.fromEntries(fields), conditions });
    expect(policy.conditions.slice(0, size)).toStrictEqual(conditions);
  };
  expect(await measureGrowth(presignMany, 100)).toBeLessThan(5);
});
