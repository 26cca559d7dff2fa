/** Cases for methods, each with every kind of body that is none or little. */
import { listCases, type WireCase } from '../wire-case.js';

const METHODS = ['get', 'head', 'options', 'delete', 'post', 'put', 'patch', 'PROPFIND', 'purge'] as const;
const noFetchBody = { fetch: 'Request refuses a body with GET and HEAD' } as const;
const noHttp2Body = {
  http2: 'Node’s http2 ends the stream of these methods at once, so axios cannot write to it',
} as const;

const bodies = [
  ['nothing', undefined],
  ['null', null],
  ['empty text', ''],
  ['text', 'a=b'],
  ['an object', { a: 'ü' }],
  ['bytes', Buffer.from([0, 1, 255])],
  ['URLSearchParams', new URLSearchParams({ a: 'b c' })],
] as const;

const lackingFor = (method: string, data: unknown): WireCase['lacking'] => ({
  ...(/^(?:get|head)$/.test(method) && data !== undefined && data !== null && noFetchBody),
  ...(/^(?:get|head|delete)$/.test(method) && Boolean(data) && noHttp2Body),
});

const eachBody = METHODS.flatMap((method) =>
  bodies.flatMap(([name, data]) =>
    listCases({ service: 'execute-api', lacking: lackingFor(method, data) ?? {} }, [
      [`${method.toUpperCase()} with ${name}`, () => ({ method, url: '/items', data })],
    ]),
  ),
);

const spellings = listCases({ service: 'execute-api' }, [
  ['method: upper case', () => ({ method: 'POST', data: { a: 1 } })],
  ['method: mixed case', () => ({ method: 'PaTcH', data: { a: 1 } })],
  ['method: absent', () => ({ url: '/items' })],
  ['method: from the defaults', () => ({ data: { a: 1 } }), { defaults: () => ({ method: 'put' }) }],
  ['method: of another protocol', () => ({ method: 'MKCOL' })],
]);

/** Every case about methods. */
export const methodCases: readonly WireCase[] = [...eachBody, ...spellings];
