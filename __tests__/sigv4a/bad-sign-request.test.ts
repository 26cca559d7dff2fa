/** Bad input of what signs with SigV4a without axios. */
import { SigningKey } from '../../lib/index.js';
import {
  presignUrl,
  signChunk,
  signChunkedRequest,
  signRequest,
  signTrailer,
  type SignatureChain,
} from '../../lib/sigv4a/index.js';
import { forEach, itRefuses, NO_STRINGS, SECRET, type Refusal } from '../bad-input/refusals.js';

const request = { method: 'GET', url: 'https://example.com/' };
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET };
const options = { region: '*', service: 's3', credentials };
const refusal = (code: Refusal['code'], names: string): Refusal => ({ code, names });

const functions = [
  ['signRequest', (changes: object) => signRequest(request, { ...options, ...changes })],
  ['presignUrl', (changes: object) => presignUrl(request, { ...options, ...changes })],
  [
    'signChunkedRequest',
    (changes: object) => signChunkedRequest(request, { ...options, decodedContentLength: 1, ...changes }),
  ],
] as const;

describe.each(functions)('%s', (_, sign) => {
  const sets = [
    ...NO_STRINGS,
    undefined,
    ['us-east-1'],
    ...['', ' ', ',', '*,', ',*', 'us-east-1,', 'us-east-1,,eu-west-1', 'us-east-1, eu-west-1', ' *', '* '],
    ...['us east', 'us/east', 'us;east', '*\n', '*\r\nX-A: 1', 'us-east-1\0', 'ü', '\ud800', '%2A', 'us_east!', '"*"'],
  ];
  const services = [...NO_STRINGS, undefined, '', ' ', 'a b', 'a/b', 'a,b', 'a\n', 'S4', '*'];
  itRefuses([
    ...forEach('region', sets, (region) => sign({ region }), refusal('ERR_ENDPOINT', 'region')),
    ...forEach(
      'service',
      services.filter((service) => service !== 'S4'),
      (service) => sign({ service }),
      refusal('ERR_ENDPOINT', 'service'),
    ),
    ...forEach('service', ['S4'], (service) => sign({ service }), refusal('ERR_INVALID_OPTION', 'service')),
    ...forEach(
      'credentials',
      [undefined, null, 5, 'AKID', () => credentials, Promise.resolve(credentials), {}],
      (given) => sign({ credentials: given }),
      refusal('ERR_CREDENTIALS', 'credentials'),
    ),
    ...forEach(
      'secretAccessKey',
      ['', ' ', `${SECRET}\n`],
      (secretAccessKey) => sign({ credentials: { ...credentials, secretAccessKey } }),
      refusal('ERR_CREDENTIALS', 'secretAccessKey'),
    ),
    ...forEach(
      'signingKey',
      [new SigningKey(SECRET, { date: '20261122', region: 'us-east-1', service: 's3' }), null],
      (signingKey) => sign({ signingKey }),
      refusal('ERR_INVALID_OPTION', 'signingKey'),
    ),
    ...forEach(
      'accessKeyId',
      ['AKID'],
      (accessKeyId) => sign({ accessKeyId }),
      refusal('ERR_INVALID_OPTION', 'accessKeyId'),
    ),
    ...forEach(
      'sessionToken',
      [SECRET],
      (sessionToken) => sign({ sessionToken }),
      refusal('ERR_INVALID_OPTION', 'sessionToken'),
    ),
    ...forEach('date', [null, 5, '20261122'], (date) => sign({ date }), refusal('ERR_INVALID_OPTION', 'date')),
    ...forEach('regionSet', ['*'], (regionSet) => sign({ regionSet }), refusal('ERR_INVALID_OPTION', 'regionSet')),
  ]);
});

describe('of one of them', () => {
  const bad: unknown = undefined;
  const [, sign] = functions[0];
  itRefuses([
    { what: 'options', use: () => signRequest(request, bad as never), ...refusal('ERR_INVALID_OPTION', 'options') },
    { what: 'request', use: () => signRequest(bad as never, options), ...refusal('ERR_INVALID_OPTION', 'request') },
    { what: 'expiresIn', use: () => sign({ expiresIn: 1 }), ...refusal('ERR_INVALID_OPTION', 'expiresIn') },
    ...forEach(
      'expiresIn',
      [0, 1.5, 604_801, '1', null, NaN],
      (expiresIn) => presignUrl(request, { ...options, expiresIn: expiresIn as number }),
      refusal('ERR_INVALID_OPTION', 'expiresIn'),
    ),
    ...forEach(
      'payload',
      ['streaming', 'none', 5],
      (payload) => sign({ payload }),
      refusal('ERR_INVALID_OPTION', 'payload'),
    ),
    ...forEach(
      'body',
      ['a'],
      (body) => signChunkedRequest({ ...request, ...{ body } }, { ...options, decodedContentLength: 1 }),
      refusal('ERR_INVALID_OPTION', 'body'),
    ),
  ]);
});

describe('signChunk and signTrailer', () => {
  const chain: SignatureChain = { service: 's3', credentials, date: new Date(), previousSignature: '30'.repeat(70) };
  const both = (changes: object) => [
    () => signChunk('a', { ...chain, ...changes }),
    () => signTrailer({ a: 'b' }, { ...chain, ...changes }),
  ];
  const rows = (what: string, values: readonly unknown[], code: Refusal['code']) =>
    values.flatMap((value) =>
      both({ [what]: value }).map((use, i) => ({
        what: `${what} ${String(i)} ${typeof value}`,
        use,
        ...refusal(code, what),
      })),
    );
  itRefuses([
    ...rows(
      'previousSignature',
      [undefined, 5, '', '30'.repeat(73), 'a'.repeat(63), 'XY'.repeat(70)],
      'ERR_INVALID_OPTION',
    ),
    ...rows('date', [undefined, 'now', 5], 'ERR_INVALID_OPTION'),
    ...rows('service', [undefined, '', 'a/b'], 'ERR_ENDPOINT'),
    ...rows('credentials', [undefined, {}], 'ERR_CREDENTIALS'),
    ...forEach(
      'trailers',
      [undefined, null],
      (trailers) => signTrailer(trailers as never, chain),
      refusal('ERR_INVALID_OPTION', 'trailers'),
    ),
    ...forEach(
      'trailers',
      [{ 'a b': 'c' }, { a: 'b\r\nc: d' }],
      (trailers) => signTrailer(trailers as never, chain),
      refusal('ERR_INVALID_HEADER', 'trailers'),
    ),
  ]);
});
