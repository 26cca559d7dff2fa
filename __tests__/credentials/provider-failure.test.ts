/** What an error says of a provider's failure: the words that help, and no secret among them. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describeFailure, redactSecrets } from '../../lib/credentials/provider-failure.js';
import { credentials, temporary } from '../stand-ins/test-server.js';

it.each<[string, unknown, string | undefined]>([
  ['an error', new Error('vault sealed'), 'Error: vault sealed'],
  ['an error of a class', new TypeError('no'), 'TypeError: no'],
  [
    'an error that has but a code',
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
    'AggregateError: ECONNREFUSED',
  ],
  ['an error without words', new Error(), 'Error'],
  ['an object with a message', { message: 'no' }, 'no'],
  ['text', 'no', 'no'],
  ['a number', 5, '5'],
  ['a symbol', Symbol('no'), 'Symbol(no)'],
  ['nothing', undefined, undefined],
  ['null', null, undefined],
  ['an object', {}, undefined],
  ['a function', Math.max, undefined],
  ['text of just 300 characters', 'a b'.repeat(100), 'a b'.repeat(100)],
  ['text of 301', `${'a b'.repeat(100)}c`, `${'a b'.repeat(100)}...`],
  ['blank text', ' \n ', undefined],
  ['lines and control characters', new Error('first\r\n\tsecond\u0000\u001b[31m'), 'Error: first second [31m'],
])('%s is said in a few words', (_, reason, words) => {
  expect(describeFailure(reason)).toBe(words);
});

it('an error whose fields throw, or are no text, is said without them', () => {
  const hostile = {
    name: 5,
    get message(): never {
      throw new Error('a getter');
    },
    code: 'ENOENT',
  };
  expect(describeFailure(hostile)).toBe('ENOENT');
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  expect(describeFailure(revoked.proxy)).toBeUndefined();
});

it('a long message is cut', () => {
  expect(describeFailure('so it goes on and on. '.repeat(100_000))).toMatch(/^so it goes.{280,300}\.\.\.$/);
});

describe('no secret shows', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZWFkZXIifQ.c2lnbmF0dXJl';
  it.each([
    ['an access key id', 'AKIAIOSFODNN7EXAMPLE', (secret: string) => `The key ${secret} is not active`],
    ['a temporary one', 'ASIAY34FZKBOKMUTVV7A', (secret: string) => `key=${secret};`],
    ['the id of a role', 'AROAEXAMPLEID', (secret: string) => `user ${secret}:session`],
    ['a secret key', credentials.secretAccessKey, (secret: string) => `cannot sign with "${secret}"`],
    ['hex', 'deadbeef0123456789abcdef', (secret: string) => `nonce ${secret}`],
    ['a vault token', 'hvs.CAESIJlWh2yXq', (secret: string) => `X-Vault-Token: ${secret}`],
    ['a web token', jwt, (secret: string) => `id token ${secret} expired`],
    ['a bearer', 'abcd-efgh', (secret: string) => `Authorization: Bearer ${secret}`],
    ['a basic one', 'dTpw', (secret: string) => `basic ${secret}`],
    ['a password in a URL', 'hunter2', (secret: string) => `connect redis://user:${secret}@cache:6379/0`],
    ['a query', 'hunter2', (secret: string) => `GET https://vault.local/v1/aws?ticket=${secret}&x=1 failed`],
    ['a fragment', 'hunter2', (secret: string) => `at https://vault.local/#${secret}`],
    ['a parameter', 'hunter2', (secret: string) => `login failed: user=me&password=${secret}&x=1`],
    ['a flag', 'hunter2', (secret: string) => `Command failed: helper --secret-token ${secret} --region x`],
    ['a flag with =', 'hunter2', (secret: string) => `Command failed: helper --token=${secret}`],
    ['JSON', 'hunter2', (secret: string) => `{"sessionToken":"${secret}"}`],
    ['JSON with spaces', 'hunter2', (secret: string) => `{ "client_secret" : "${secret}" }`],
    ['a variable', temporary.secretAccessKey, (secret: string) => `AWS_SECRET_ACCESS_KEY=${secret}`],
  ])('%s', (_, secret, toMessage) => {
    const words = describeFailure(new Error(toMessage(secret)));
    expect(words).toContain('REDACTED');
    for (const part of secret.split('.')) expect(words).not.toContain(part);
  });

  it('of AWS’s random secrets and tokens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 300 }), () => {
        const secrets = [
          randomBytes(30).toString('base64'),
          randomBytes(300).toString('base64'),
          randomBytes(20).toString('hex'),
        ];
        for (const secret of secrets)
          expect(redactSecrets(`The secret is ${secret}, is it?`)).toBe('The secret is REDACTED, is it?');
      }),
    );
  });

  it('in a message that is cut within one', () => {
    const secret = credentials.secretAccessKey;
    for (let before = 250; before < 320; before += 1) {
      const words = describeFailure(`${'a b '.repeat(100).slice(0, before)} ${secret}`);
      expect(words).not.toContain(secret.slice(0, 10));
    }
  });

  it('in a search that takes for ever', () => {
    for (const text of ['token', 'a://', 'eyJ.', '--token ', '"token" ', 'A-_=', '= ', 'x-token: ', '\n']) {
      describeFailure(text.repeat(1_000_000));
    }
  });
});

it.each([
  'Could not load credentials from any providers',
  'Could not resolve credentials using profile: [work] in configuration/credentials file(s).',
  'connect ECONNREFUSED 127.0.0.1:8200',
  'getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com',
  'User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole',
  "ENOENT: no such file or directory, open '/run/secrets/aws.json'",
  'GET https://vault.local:8200/v1/aws/creds/reader failed with status 503',
  'The security token included in the request is expired',
  'Token is expired. To refresh this SSO session run aws sso login with the corresponding profile.',
  'Unexpected token } in JSON at position 17',
])('what helps is kept: %s', (message) => {
  expect(describeFailure(new Error(message))).toBe(`Error: ${message}`);
});
