/** Bad options, of the interceptor and of one request: each is refused, before anything is sent. */
import { aws4Interceptor, SigningKey, type Aws4Options } from '../../lib/index.js';
import { createClient, createServer, credentials, scope } from '../stand-ins/test-server.js';
import { itRefuses, NO_STRINGS, SECRET, show, type BadInput, type Refusal } from '../bad-input/refusals.js';

const server = createServer();
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(() => server.close());

interface BadOptions extends Refusal {
  readonly options: unknown;
  readonly what?: string;
}

const option = 'ERR_INVALID_OPTION' as const;
const signingKey = new SigningKey(SECRET, { date: '20261122', ...scope });

function each(name: keyof Aws4Options, values: readonly unknown[], code: Refusal['code'] = option): BadOptions[] {
  return values.map((value) => ({ options: { [name]: value }, code, names: name }));
}

const noFunction = [null, 5, 'now', true, {}, [], new Date(0), Promise.resolve(0)];
const noScopePart = [
  ...['', ' ', 'eu west 1', ' eu-west-1', 'eu-west-1\n', 'eu/west/1', '/', 'eu\0west', 'eu\twest', 'eu\r\nX: y'],
  ...['eu\x7fwest', 'zürich', 'eu\u2011west\u20111', '\ud800', 'ｅｕ'],
];
const aKey = { signingKey, accessKeyId: 'AKIDEXAMPLE' };

const badOptions: readonly BadOptions[] = [
  ...[null, 'eu-west-1', 5, true, 1n, Symbol('a'), () => ({})].map((options) => ({
    options,
    code: option,
    names: 'options',
  })),
  ...[[], new Map([['region', 'eu-west-1']]), new Date(0)].map((options) => ({
    options,
    code: option,
    names: 'options',
  })),
  { options: [{ region: 'eu-west-1' }], code: option, names: 'options' },
  { options: { regoin: 'eu-west-1' }, code: option, names: 'regoin' },
  { options: { Region: 'eu-west-1' }, code: option, names: 'Region' },
  { options: { secretAccessKey: SECRET }, code: option, names: 'secretAccessKey' },
  { options: { '': 1 }, code: option, names: 'is not an option' },
  { options: { constructor: 1 }, code: option, names: 'constructor' },
  { options: JSON.parse('{"__proto__": 1}') as unknown, what: 'own __proto__', code: option, names: '__proto__' },
  { options: { expiration: new Date(0) }, code: option, names: 'expiration' },
  ...each('region', NO_STRINGS),
  ...each('service', NO_STRINGS),
  ...each('region', noScopePart, 'ERR_ENDPOINT'),
  ...each('service', noScopePart, 'ERR_ENDPOINT'),
  { options: { region: 'eu,west' }, code: 'ERR_ENDPOINT', names: 'region' },
  { options: { service: 's3,SignedHeaders=a' }, code: 'ERR_ENDPOINT', names: 'service' },
  ...each('signingKey', [null, 'key', 5, {}, JSON.parse(JSON.stringify(signingKey)), [], SECRET]),
  ...each('contentEncoding', [null, 'aws-chunked', 0, 1, {}, []]),
  ...each('checksum', [null, '', 'md5', 'CRC32', 'crc-32', 'sha512', 'constructor', true, {}, ['crc32'], 32]),
  ...each('accessKeyId', NO_STRINGS),
  ...each('sessionToken', NO_STRINGS),
  ...each('accessKeyId', ['AKIDEXAMPLE', ''], 'ERR_CREDENTIALS'),
  ...each('sessionToken', [SECRET, ''], 'ERR_CREDENTIALS'),
  { options: { signingKey }, code: 'ERR_CREDENTIALS', names: 'accessKeyId' },
  ...['', 'AK/ID', 'AK,ID', 'AK ID ', 'AKID\n', 'AK\0ID', 'ÄKID', `${SECRET}\r\nX: y`].map((accessKeyId) => ({
    options: { signingKey, accessKeyId },
    code: 'ERR_CREDENTIALS' as const,
    names: 'accessKeyId',
  })),
  ...[' ', `${SECRET}\n`, `${SECRET}\r\nX-Other: y`, `${SECRET}\0`, `${SECRET}ü`].map((sessionToken) => ({
    options: { ...aKey, sessionToken },
    code: 'ERR_CREDENTIALS' as const,
    names: 'sessionToken',
  })),
  { options: { ...aKey, credentials }, code: 'ERR_CREDENTIALS', names: 'signingKey' },
  ...each('onDateMismatch', [null, '', 'Throw', 'ignore', true, 0, ['throw'], {}]),
  ...each('onInvalidDate', [null, '', 'Replace', 'keep', false, 1, ['throw'], {}]),
  ...each('signedHeaders', [null, 'x-a', '*', 5, {}, new Set(['x-a']), { 0: 'x-a', length: 1 }]),
  ...each('signedHeaders', [
    ...[[''], [' '], [null], [undefined], [5], [{}], [['x-a']], ['x a'], ['x-a:'], ['x-a\n-b'], ['x-\0']],
    ...[['**'], ['x-*-y'], ['*-y'], ['x-ü'], ['x-a,x-b'], ['x-a;x-b'], [Symbol('x')], [/x-/], ['x-a', '']],
  ]),
  {
    options: { signedHeaders: [1n] },
    code: option,
    names: 'signedHeaders',
  },
  ...each('payload', [null, '', 'Unsigned', 'UNSIGNED-PAYLOAD', true, 0, ['unsigned']]),
  ...each('maxStreamBytes', [null, '5', -1, 1.5, NaN, Infinity, 2 ** 53, 5n, {}, [5]]),
  ...each('hosts', [null, '', 'example.com', 5, {}, new Set(['example.com']), /example/, [5], [null], [/x/]]),
  ...each('hosts', [
    ...[
      [''],
      [' '],
      ['*'],
      ['*.'],
      ['*.*'],
      ['a.*'],
      ['*example.com'],
      ['https://example.com'],
      ['example.com/'],
      ['a b'],
    ],
    ...[['a@b'], ['example.com:'], ['example.com:x'], ['a:1:2'], ['[::1'], ['::1'], ['a\n'], ['a?'], ['a#'], ['a', '']],
  ]),
  ...each('elsewhere', [null, '', 'Refuse', 'signed', true, 0, ['unsigned']]),
  ...each('clock', noFunction),
  ...each('heal', [null, 0, 1, '', 'false', 'no', {}, []]),
  ...each('onSigned', noFunction),
];

describe('of the interceptor', () => {
  itRefuses(
    badOptions.map(({ options, what = show(options), ...refusal }): BadInput => ({
      what,
      use: () => aws4Interceptor(options as Aws4Options),
      ...refusal,
    })),
  );

  itRefuses([
    {
      what: 'inherited ones',
      use: () => aws4Interceptor(Object.create({ payload: 'none', hosts: 'example.com' }) as Aws4Options),
      code: option,
      names: 'payload',
    },
  ]);
});

/** Sends a request with these options; fails where anything was sent. */
async function sendWith(aws4: unknown): Promise<unknown> {
  const { length } = server.requests;
  try {
    return await createClient(origin).get('/', { aws4: aws4 as Aws4Options });
  } finally {
    expect(server.requests).toHaveLength(length);
  }
}

describe('of one request', () => {
  itRefuses(
    badOptions
      // axios keeps the names `constructor` and `__proto__` to itself.
      .filter(({ names }) => names !== 'constructor' && names !== '__proto__')
      .map(({ options, what = show(options), ...refusal }): BadInput => ({
        what,
        use: () => sendWith(options),
        ...refusal,
      })),
  );

  itRefuses([
    {
      what: '{ credentials: null }',
      use: () => sendWith({ credentials: null }),
      code: 'ERR_CREDENTIALS',
      names: 'credentials',
    },
  ]);
});
