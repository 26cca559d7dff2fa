/** Bad headers and methods: what axios lets through, and what other interceptors put past it. */
import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { aws4Interceptor } from '../../lib/index.js';
import { credentials, scope } from '../stand-ins/test-server.js';
import { recordNothing, type Place } from '../bad-input/bad-request.js';
import { itRefuses, SECRET, show } from '../bad-input/refusals.js';

const { server, origin, toRows } = recordNothing();

const CONTROLS = [...Array(32).keys(), 127].filter((code) => code !== 9).map((code) => String.fromCharCode(code));
const badValues = [
  ...CONTROLS.map((control) => `${SECRET}${control}x`),
  ...[`${SECRET}\r\nX-Other: y`, `\n${SECRET}`, `${SECRET}\r\n\r\nGET / HTTP/1.1`],
];
const badNames = [
  ...[...Array.from('"(),/:;<=>?@[\\]{}'), ' ', '\t', ...CONTROLS].map((sign) => `X${sign}A`),
  ...['X-Ä', 'X-€', 'X-A\r\nX-B', 'X-\ud800'],
];
const badMethods = [
  'GET ',
  ' GET',
  'G T',
  'GET\n',
  'GET\r\nX: y',
  'GET / HTTP/1.1\r\n',
  'GÉT',
  'G(',
  'G/T',
  'G:T',
  'G\0',
];

/** Puts a value into a header past axios's own, which would take control characters out. */
function putValue(value: string): (config: InternalAxiosRequestConfig) => void {
  return ({ headers }) => {
    Reflect.set(headers, 'X-Hostile', value);
  };
}

describe.each<Place>(['before', 'after'])("headers' values that an interceptor puts %s ours", (place) => {
  it.each(badValues.map((value) => [show(value), value]))('%s are sent as axios cleans them', async (_, value) => {
    const client = axios.create({ baseURL: origin() });
    const edit = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
      putValue(value)(config);
      return config;
    };
    // axios runs the interceptor that was registered last first.
    if (place === 'after') client.interceptors.request.use(edit);
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials, signedHeaders: ['*'] }));
    if (place === 'before') client.interceptors.request.use(edit);
    const { length } = server.requests;
    expect((await client.get('/')).status).toBe(200);
    const sent = server.requests.slice(length);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.headers.filter(([name]) => name === 'X-Other')).toStrictEqual([]);
    expect(server.failures).toStrictEqual([]);
  });
});

describe.each<Place>(['before', 'after'])('what an interceptor that runs %s ours puts into a request', (place) => {
  itRefuses(
    toRows(
      [
        ...badNames.map((name) => ({
          what: `a header's name ${show(name)}`,
          edit: ({ headers }: InternalAxiosRequestConfig) => {
            Reflect.set(headers, name, SECRET);
          },
          code: 'ERR_INVALID_HEADER' as const,
          names: JSON.stringify(name),
        })),
        ...badMethods.map((method) => ({
          what: `the method ${show(method)}`,
          edit: (config: InternalAxiosRequestConfig) => {
            config.method = method;
          },
          code: 'ERR_INVALID_OPTION' as const,
          names: 'method',
        })),
        ...[5, {}, true, Symbol('a')].map((method) => ({
          what: `the method ${show(method)}`,
          edit: (config: InternalAxiosRequestConfig) => {
            Reflect.set(config, 'method', method);
          },
          code: 'ERR_INVALID_OPTION' as const,
          names: 'method',
        })),
      ],
      place,
    ),
  );
});

describe('header names that axios lets through', () => {
  itRefuses(
    toRows(
      badNames.map((name) => ({
        config: { headers: { [name]: SECRET } } satisfies AxiosRequestConfig,
        code: 'ERR_INVALID_HEADER',
        names: 'headers',
      })),
    ),
  );
});
