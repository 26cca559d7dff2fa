/** What the form signs: AWS's suite as it is pasted, the keys of its derivation, and what is wrong with what is typed. */
import { verifyPresignedUrl, verifySignature, type VerifyOptions } from 'strict-sigv4-verifier';
import suite from '../../fixtures/aws-sigv4-suite.json';
import derivation from '../../fixtures/signing-key-derivation.json';
import { parseCurlCommand } from '../../docs/debugger/curl-command.js';
import { SIGNING_EXAMPLE } from '../../docs/debugger/examples.js';
import { fillForm } from '../../docs/debugger/filled-form.js';
import {
  isProblem,
  signForm,
  type FieldName,
  type SigningForm,
  type SigningStages,
} from '../../docs/debugger/stages.js';

const empty: SigningForm = {
  method: 'GET',
  url: '',
  headers: '',
  body: '',
  region: '',
  service: '',
  algorithm: '',
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
  date: '',
  signedHeaders: '',
  payload: '',
  contentSha256Header: '',
  normalizePath: '',
  doubleEncodePath: '',
  omitSessionToken: '',
  expiresIn: '',
};
const vanilla: SigningForm = { ...empty, ...SIGNING_EXAMPLE };

function sign(form: SigningForm): SigningStages {
  const stages = signForm(form);
  if (isProblem(stages)) throw new Error(stages.message);
  return stages;
}

const yes = (value: boolean): 'yes' | 'no' => (value ? 'yes' : 'no');

describe.each(suite.cases.map((each) => [each.name, each] as const))('%s', (_, { context, request, header, query }) => {
  const form: SigningForm = {
    ...empty,
    ...fillForm(request),
    ...context.credentials,
    region: context.region,
    service: context.service,
    date: context.date,
    // The suite's signer signs every header, those that a proxy rewrites too.
    signedHeaders: '*, content-length',
    contentSha256Header: yes(context.signBody),
    normalizePath: yes(context.normalize),
    omitSessionToken: yes(context.omitSessionToken),
    expiresIn: String(context.expirationInSeconds),
  };

  it('has each stage in the headers', () => {
    const { signed, canonicalRequest, stringToSign } = sign(form);
    expect(canonicalRequest.map(({ text }) => text).join('\n')).toBe(header.canonicalRequest);
    expect(stringToSign.map(({ text }) => text).join('\n')).toBe(header.stringToSign);
    expect(signed.trace.signature).toBe(header.signature);
    expect(header.signedRequest).toContain(signed.headers.Authorization);
  });

  // Where it signs the body, the suite's query has an X-Amz-Content-Sha256, which the package sends as a header.
  if (!context.signBody) {
    it('has the signature in the query', () => {
      const { presigned } = sign(form);
      expect(presigned).toMatchObject({ trace: { signature: query.signature } });
    });
  }

  it('is filled in from its signed request', () => {
    const { accessKeyId } = context.credentials;
    const sessionToken = 'sessionToken' in context.credentials && { sessionToken: context.credentials.sessionToken };
    for (const text of [header.signedRequest, query.signedRequest]) {
      const { url, ...filled } = fillForm(text);
      const { method, headers, body } = fillForm(request);
      expect(filled).toStrictEqual({
        ...{ method, headers, body, accessKeyId, date: '20150830T123600Z', region: 'us-east-1', service: 'service' },
        ...sessionToken,
      });
      expect(url).toBe(fillForm(request).url);
    }
  });
});

it('the keys are those of AWS’s example of a derivation', () => {
  const [example] = derivation.examples;
  const { secretAccessKey, date, region, service, ...keys } = example ?? {};
  const form = { ...vanilla, secretAccessKey, region, service, date: `${String(date)}T000000Z` } as SigningForm;
  expect(sign(form).keys.map(({ hex }) => hex)).toStrictEqual(Object.values(keys));
});

it('each line of the canonical request is said to be what it is', () => {
  const form = { ...vanilla, url: 'https://example.amazonaws.com/?a=1', headers: 'X-Amz-Meta-A: 1' };
  expect(sign(form).canonicalRequest.map(({ meaning }) => meaning)).toStrictEqual([
    ...['method', 'path', 'query', 'header', 'header', 'header', 'end of headers', 'signed headers', 'payload hash'],
  ]);
  expect(sign(vanilla).stringToSign.map(({ meaning }) => meaning)).toStrictEqual([
    ...['algorithm', 'date', 'scope', 'canonical request hash'],
  ]);
});

describe('what comes of the form is accepted by a verifier', () => {
  const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'se/cr+et', sessionToken: 'to/ken==' };
  const rules: VerifyOptions = {
    region: 'eu-west-1',
    service: 'execute-api',
    now: new Date(),
    secretFor: () => credentials,
    pathEncoding: 'double',
    normalizePath: true,
    requireContentSha256: false,
  };
  const form: SigningForm = {
    ...empty,
    ...credentials,
    method: 'post',
    url: 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/a%20b?q=it%27s&q=2',
    headers: 'Content-Type: application/json\nX-Tag: 1\nx-tag: 2',
    signedHeaders: 'x-tag',
    body: '{"name":"it\'s\nGrüße"}',
  };
  const toTarget = (url: string): string => url.replace(/^https:\/\/[^/]+/, '');
  const host = ['Host', 'abc123.execute-api.eu-west-1.amazonaws.com'] as const;

  it('as a curl command, whose region and service the hostname says', () => {
    const { method, url, headers, body } = parseCurlCommand(sign(form).curl);
    const request = { method, target: toTarget(url), headers: [host, ...headers], body: Buffer.from(body) };
    expect(verifySignature({ ...request, scheme: 'https' }, rules)).toMatchObject({ ok: true });
  });

  it('as a presigned URL', () => {
    const { presigned } = sign({ ...form, expiresIn: '60' });
    if (isProblem(presigned)) throw new Error(presigned.message);
    const { url, headers } = presigned;
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((each) => [name, each] as const),
    );
    const request = { method: 'POST', target: toTarget(url), headers: [host, ...lines], body: Buffer.from(form.body) };
    expect(verifyPresignedUrl({ ...request, scheme: 'https' }, rules)).toMatchObject({ ok: true });
  });
});

describe('SigV4a', () => {
  const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'se/cr+et', sessionToken: 'to/ken==' };
  const form: SigningForm = {
    ...empty,
    ...credentials,
    url: 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a%20b?q=1',
  };
  const host = ['Host', 'mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com'] as const;
  const rules: VerifyOptions = {
    region: 'eu-west-1',
    service: 's3',
    now: new Date(),
    secretFor: () => credentials,
    pathEncoding: 'single',
    normalizePath: false,
    requireContentSha256: true,
    allowUnsignedPayload: true,
    algorithms: ['AWS4-ECDSA-P256-SHA256'],
  };

  it('is chosen by the hostname, and a verifier accepts it', () => {
    const { signed, curl, keys, canonicalRequest } = sign(form);
    expect(signed.headers.Authorization).toMatch(
      /^AWS4-ECDSA-P256-SHA256 Credential=ASIAEXAMPLE\/\d{8}\/s3\/aws4_request/,
    );
    expect(canonicalRequest).toContainEqual({ text: 'x-amz-region-set:*', meaning: 'header' });
    expect(keys).toStrictEqual([
      { name: 'PrivateKey', formula: expect.any(String), hex: expect.stringMatching(/^[\da-f]{64}$/) },
    ]);
    const { headers } = parseCurlCommand(curl);
    const request = { method: 'GET', target: '/a%20b?q=1', headers: [host, ...headers], body: Buffer.alloc(0) };
    expect(verifySignature({ ...request, scheme: 'https' }, rules)).toMatchObject({ ok: true });
  });

  it('is in a presigned URL too', () => {
    const { presigned } = sign(form);
    if (isProblem(presigned)) throw new Error(presigned.message);
    const target = presigned.url.replace(/^https:\/\/[^/]+/, '');
    const request = { method: 'GET', target, headers: [host], body: Buffer.alloc(0), scheme: 'https' } as const;
    expect(verifyPresignedUrl(request, rules)).toMatchObject({ ok: true });
  });

  it('has the key of AWS’s own derivation', () => {
    // aws-c-auth, tests/key_derivation_tests.c: s_credential_derivation_test of AKISORANDOMAASORANDOM.
    const known = { accessKeyId: 'AKISORANDOMAASORANDOM', secretAccessKey: 'q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom' };
    expect(sign({ ...form, ...known, sessionToken: '' }).keys).toMatchObject([
      { hex: '7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd' },
    ]);
  });

  it('is chosen in the form, for any host and set of regions', () => {
    const { signed } = sign({ ...vanilla, algorithm: 'sigv4a', region: 'us-*,eu-west-1' });
    expect(signed.headers).toMatchObject({ 'X-Amz-Region-Set': 'us-*,eu-west-1' });
    expect(sign({ ...form, algorithm: 'sigv4', region: 'us-east-1' }).signed.trace.stringToSign).toMatch(/^AWS4-HMAC/);
  });

  it('is filled in from a signed request', () => {
    const { signed, presigned } = sign({ ...form, region: 'us-*', algorithm: 'sigv4a' });
    if (isProblem(presigned)) throw new Error(presigned.message);
    const http = Object.entries(signed.headers).map(([name, value]) => `${name}: ${String(value)}`);
    for (const text of [['GET /a%20b?q=1 HTTP/1.1', `Host: ${host[1]}`, ...http].join('\n'), presigned.url]) {
      expect(fillForm(text)).toMatchObject({
        algorithm: 'sigv4a',
        region: 'us-*',
        service: 's3',
        headers: '',
        url: form.url,
      });
    }
  });
});

describe('what is wrong is said of its field:', () => {
  it.each<[FieldName, Partial<SigningForm>, RegExp]>([
    ['method', { method: '' }, /must be an HTTP method/],
    ['method', { method: 'G T' }, /must be an HTTP method/],
    ['url', { url: '' }, /must be absolute/],
    ['url', { url: '/path' }, /must be absolute/],
    ['url', { url: 'https://user:secret@h/' }, /must be absolute.*without.* user:password@/],
    ['headers', { headers: 'X-A: 1\nno header' }, /^Line 2, “no header”/],
    ['headers', { headers: 'X-Amz-Meta-A: ☃' }, /X-Amz-Meta-A has characters beyond/],
    ['headers', { headers: 'X-Amz-Content-Sha256: abc' }, /64 lower-case/],
    ['region', { region: '' }, /is missing, and the hostname does not say it/],
    ['region', { algorithm: 'sigv4', region: '*' }, /^region: /],
    ['region', { algorithm: 'sigv4a', region: 'a b' }, /is no set of regions/],
    ['service', { service: ' ' }, /is missing, and the hostname does not say it/],
    ['url', { url: '', region: '', secretAccessKey: '' }, /must be absolute/],
    ['region', { region: 'eu west' }, /"eu west"/],
    ['service', { service: 'a/b' }, /must be printable ASCII/],
    ['service', { service: 'Foo' }, /write 'foo'/],
    ['accessKeyId', { accessKeyId: '' }, /is empty/],
    ['secretAccessKey', { secretAccessKey: '' }, /is empty/],
    ['secretAccessKey', { secretAccessKey: 'hidden ' }, /white space/],
    ['sessionToken', { sessionToken: 'hid den' }, /must be printable ASCII/],
    ['date', { date: 'yesterday' }, /in no format/],
    ['signedHeaders', { signedHeaders: 'a(b' }, /must be an array of header names and patterns.*"a\(b"/],
  ])('%s %j', (field, typed, says) => {
    const problem = signForm({ ...vanilla, ...typed });
    expect(problem).toStrictEqual({ field, message: expect.stringMatching(says) });
    expect(JSON.stringify(problem)).not.toMatch(/hid|secret@/);
  });

  it.each(['0', '604801', '1.5', 'x'])('expiresIn %s, for the presigned URL alone', (expiresIn) => {
    expect(sign({ ...vanilla, expiresIn }).presigned).toStrictEqual({
      field: 'expiresIn',
      message: expect.stringMatching(/^expiresIn: must be/),
    });
  });
});

describe('a request is filled in', () => {
  it.each([
    [
      'from curl, with whom it signs for',
      'curl --aws-sigv4 aws:amz:eu-west-1:s3 -u AKID:secret https://b.example/key -X PUT --data-raw body -H "Host: b.example"',
      {
        method: 'PUT',
        url: 'https://b.example/key',
        headers: 'Content-Type: application/x-www-form-urlencoded',
        body: 'body',
        accessKeyId: 'AKID',
        secretAccessKey: 'secret',
        region: 'eu-west-1',
        service: 's3',
      },
    ],
    [
      'from a URL of AWS',
      'https://b.s3.eu-west-1.amazonaws.com/key',
      {
        method: 'GET',
        url: 'https://b.s3.eu-west-1.amazonaws.com/key',
        headers: '',
        body: '',
        region: 'eu-west-1',
        service: 's3',
      },
    ],
    [
      'with another Host than the URL’s, and a payload that is not signed',
      'GET https://h.example/ HTTP/1.1\nHost: other.example\nX-Amz-Content-Sha256: UNSIGNED-PAYLOAD\nAuthorization: Basic x',
      {
        method: 'GET',
        url: 'https://h.example/',
        headers: 'Host: other.example\nX-Amz-Content-Sha256: UNSIGNED-PAYLOAD\nAuthorization: Basic x',
        body: '',
      },
    ],
  ])('%s', (_, text, fields) => {
    expect(fillForm(text)).toStrictEqual(fields);
  });

  it('but not from a canonical request', () => {
    expect(() => fillForm('GET\n/\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD')).toThrow(/cannot be signed/);
  });
});
