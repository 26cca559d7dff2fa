/** Bad credentials: passed as an object they are refused at once, from a provider before the request is sent. */
import { aws4Interceptor, SigningKey, type Aws4Options } from '../../lib/index.js';
import { signRequest } from '../../lib/sigv4/index.js';
import { scope } from '../stand-ins/test-server.js';
import { recordNothing } from '../bad-input/bad-request.js';
import { forEach, itRefuses, NO_STRINGS, SECRET, show, type BadInput, type Refusal } from '../bad-input/refusals.js';

const { send } = recordNothing();

interface BadCredentials {
  readonly given: unknown;
  readonly names: string;
}

const good = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: `token/${SECRET}` } as const;
/** What no field may hold. */
const malformed = [
  ...[`${SECRET} `, ` ${SECRET}`, `${SECRET}\n`, `${SECRET}\r\n`, `${SECRET}\t`, `${SECRET}\0`, `${SECRET}\x7f`],
  ...[`${SECRET}\u00a0`, `${SECRET}ü`, `\ufeff${SECRET}`, `${SECRET}\u200b`, `${SECRET}\ud800`, ' ', '\n'],
];
const noText = NO_STRINGS.filter((value) => value !== null);

function withField(name: keyof typeof good, values: readonly unknown[]): BadCredentials[] {
  return values.map((value) => ({ given: { ...good, [name]: value }, names: name }));
}

const badCredentials: readonly BadCredentials[] = [
  ...[null, 5, SECRET, '', true, 1n, Symbol('a')].map((given) => ({ given, names: 'credentials' })),
  ...[{}, [], [good], new Map(Object.entries(good)), { accessKeyId: 'AKIDEXAMPLE' }].map((given) => ({
    given,
    names: 'secretAccessKey',
  })),
  { given: { Credentials: good }, names: 'secretAccessKey' },
  { given: { AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: SECRET }, names: 'secretAccessKey' },
  { given: { secretAccessKey: SECRET }, names: 'accessKeyId' },
  ...withField('accessKeyId', [undefined, null, '', ...noText, ...malformed]),
  ...withField('accessKeyId', [`${SECRET}/x`, `${SECRET},x`, '/', ',', 'AKID/20261122']),
  ...withField('secretAccessKey', [undefined, null, '', ...noText, ...malformed]),
  ...withField('sessionToken', [...noText, ...malformed, `${SECRET} x`, `${SECRET}\r\nX-Other: y`]),
];

const badExpirations = ['', '2030-01-01T00:00:00Z', 1893456000, Date.now() + 3_600_000, {}, [], true, new Date(NaN)];
const ended = [new Date(0), new Date(Date.now() - 1000), new Date(-8.64e15)];

const refusal = (names: string): Refusal => ({ code: 'ERR_CREDENTIALS', names });

function toRows(use: (given: unknown) => unknown): BadInput[] {
  return badCredentials.map(({ given, names }) => ({ what: show(given), use: () => use(given), ...refusal(names) }));
}

const cast = (given: unknown) => given as NonNullable<Aws4Options['credentials']>;

describe('an object', () => {
  itRefuses(toRows((given) => aws4Interceptor({ ...scope, credentials: cast(given) })));
  itRefuses(
    forEach(
      'expiration:',
      badExpirations,
      (expiration) => aws4Interceptor({ ...scope, credentials: cast({ ...good, expiration }) }),
      refusal('expiration'),
    ),
  );
  itRefuses(
    forEach(
      'over since',
      ended,
      (expiration) => send({ options: { credentials: cast({ ...good, expiration }) } }),
      refusal('expiration'),
    ),
  );
});

describe('an object in the lower floor', () => {
  itRefuses(
    toRows((given) =>
      signRequest({ method: 'GET', url: 'https://example.com/' }, { ...scope, credentials: given as typeof good }),
    ),
  );
});

describe("a provider's answer", () => {
  const answer = (given: unknown) => send({ options: { credentials: () => Promise.resolve(given as typeof good) } });
  itRefuses(toRows(answer));
  itRefuses([{ what: 'undefined', use: () => answer(undefined), ...refusal('credentials') }]);
  itRefuses(
    forEach(
      'expiration:',
      // One that ended a moment ago is for the server to judge: the clock may be wrong.
      [...badExpirations, ...ended.filter((date) => Date.now() - date.getTime() > 7 * 24 * 3_600_000)],
      (expiration) => answer({ ...good, expiration }),
      refusal('expiration'),
    ),
  );
  itRefuses([
    {
      what: 'a Date by its tag alone, of no moment',
      use: () => answer({ ...good, expiration: { [Symbol.toStringTag]: 'Date', valueOf: () => -Infinity } }),
      ...refusal('expiration'),
    },
  ]);
});

describe('a provider that fails', () => {
  const reasons = [undefined, null, 'no', 5, {}, new TypeError('no'), Symbol('no')];
  itRefuses(
    forEach(
      'by throwing',
      reasons,
      (reason) =>
        send({
          options: {
            credentials: () => {
              throw reason;
            },
          },
        }),
      refusal('credentials'),
    ),
  );
  itRefuses(
    forEach(
      'by rejecting with',
      reasons,
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- so do others
      (reason) => send({ options: { credentials: () => Promise.reject(reason) } }),
      refusal('credentials'),
    ),
  );
});

describe('a session token without credentials', () => {
  const signingKey = new SigningKey(SECRET, { date: '20261122', ...scope });
  itRefuses(
    forEach(
      'beside a signingKey:',
      malformed,
      (sessionToken) => aws4Interceptor({ signingKey, accessKeyId: 'AKIDEXAMPLE', sessionToken: String(sessionToken) }),
      refusal('sessionToken'),
    ),
  );
});
