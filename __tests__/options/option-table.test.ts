/** Options that are misspelt, or come from another package: each is refused with what to write. */
import { aws4Interceptor } from '../../lib/index.js';
import { scope } from '../stand-ins/test-server.js';

const refusal = (options: object): unknown => {
  try {
    aws4Interceptor(options);
    return undefined;
  } catch (error) {
    return error;
  }
};

it.each([
  ['regoin', 'region'],
  ['Region', 'region'],
  ['servce', 'service'],
  ['credential', 'credentials'],
  ['onsigned', 'onSigned'],
  ['signedHeader', 'signedHeaders'],
  ['payloads', 'payload'],
  ['host', 'hosts'],
])('%s is refused with the nearest name, %s', (name, nearest) => {
  expect(refusal({ ...scope, [name]: 'x' })).toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining(`${name}: is not an option; did you mean ${nearest}?`) as string,
  });
});

it('a name like none gets the list of names', () => {
  const error = refusal({ xyzzy: 1 });
  expect(String(error)).not.toContain('did you mean');
  expect(String(error)).toContain('region, service, credentials');
});

it.each([
  // aws4-axios
  ['assumeRoleArn', 'fromTemporaryCredentials'],
  ['assumeRoleSessionName', 'fromTemporaryCredentials'],
  ['assumedRoleExpirationMarginSec', 'fromTemporaryCredentials'],
  ['signQuery', "signIn: 'query'"],
  ['expires', 'expiresIn'],
  ['instance', 'instance'],
  ['addContentSha', 'contentSha256Header'],
  ['options', 'not nested'],
  ['aws4', 'not nested'],
  ['config', 'not nested'],
  // requests-aws4auth
  ['refreshable_credentials', 'function as credentials'],
  ['include_hdrs', 'signedHeaders'],
  ['raise_invalid_date', "onInvalidDate: 'throw'"],
  ['session_token', 'credentials: {'],
  // aws4fetch, the AWS SDK
  ['allHeaders', 'signedHeaders'],
  ['secretAccessKey', 'credentials: {'],
  ['signingRegion', 'region'],
])('%s is refused with what to write instead', (name, instead) => {
  const error = refusal({ ...scope, [name]: 'x' });
  expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  expect(String(error)).toContain(`${name}: is not an option here`);
  expect(String(error)).toContain(instead);
});

it.each([
  ['options', { region: 'eu-west-1', service: 's3' }, 'pass its content itself, not nested: { region, service }'],
  ['aws', { region: 'eu-west-1' }, 'not nested: { region }'],
  ['opts', { hosts: [] }, 'not nested: { hosts }'],
  ['scope', { service: 's3', region: 'eu-west-1' }, 'not nested: { service, region }'],
  ['sigv4', { credentials: { accessKeyId: 'AKID' }, other: 1 }, 'not nested: { credentials }'],
  ['auth', { accessKeyId: 'AKID', secretAccessKey: 'SECRET' }, 'pass it as credentials'],
  ['awsCredentials', { secretAccessKey: 'SECRET', region: 'eu-west-1' }, 'pass it as credentials'],
])('%s: %j is refused with what to write', (name, nested, instead) => {
  const error = refusal({ [name]: nested });
  expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  expect(String(error)).toContain(`${name}: is not an option here; `);
  expect(String(error)).toContain(instead);
  expect(String(error)).not.toContain('SECRET');
});

it('credentials one level too deep are refused with what to write', () => {
  const error = refusal({ credentials: { region: 'eu-west-1', credentials: { accessKeyId: 'AKID' } } });
  expect(error).toMatchObject({ code: 'ERR_CREDENTIALS' });
  expect(String(error)).toMatch(/credentials: .* one level too deep; pass credentials: its\.credentials/);
});

it('options that a class has, or that are inherited, are refused by name', () => {
  class Options {
    readonly region = 'eu-west-1';
  }
  expect(refusal(new Options())).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  expect(String(refusal(Object.create({ payload: 'signed' }) as object))).toContain('payload');
});
