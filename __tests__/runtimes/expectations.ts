/** What has to come of the scenario: each request arrives, is accepted, and has the body and query that it was given. */
import type { Part } from '../wire/wire-case.js';
import type { Arrival, Arrivals } from './scenario-server.js';

/** How runtimes differ, as the README says. */
export interface Traits {
  /** With node:crypto and iconv-lite, or with what is portable. */
  readonly platform: 'node' | 'default';
  /**
   * A redirect is 'signed' afresh; or a browser hides it from fetch, so that it is 'refused'; or lets xhr do nothing
   * about it, so that the first request's headers are 'replayed'.
   */
  readonly redirects: 'signed' | 'refused' | 'replayed';
  /** Whether there are HTML forms. */
  readonly hasForms: boolean;
}

export type Outcomes = Readonly<Record<string, number | string>>;

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const field = (name: string, body: string): Part => ({
  headers: { 'content-disposition': `form-data; name="${name}"` },
  body: latin1(body),
});
const file = (name: string, filename: string, type: string, body: string): Part => ({
  headers: { 'content-disposition': `form-data; name="${name}"; filename="${filename}"`, 'content-type': type },
  body: latin1(body),
});

const arrive = (name: string, body: Arrival['body'], more: Partial<Arrival> = {}): Arrival => ({
  name,
  verdict: 'ok',
  method: 'POST',
  query: [],
  body: typeof body === 'string' ? latin1(body) : body,
  ...more,
});
const get = { method: 'GET' } as const;
const put = { method: 'PUT' } as const;

const query = [
  ['tag', 'a b'],
  ['list[]', 'x'],
  ['list[]', latin1('ü+&=')],
];
const form = [
  field('field', 'Grüße'),
  file('blob', 'blob.svg', 'image/svg+xml', '<ü>'),
  file('file', 'na me.pdf', 'application/pdf', 'content'),
];

const always: readonly Arrival[] = [
  arrive('query', '', { ...get, query }),
  arrive('json', '{"name":"Grüße 💛"}'),
  arrive('text', 'Grüße', put),
  arrive('url-search-params', 'a=b+c%2B%C3%BC'),
  arrive('urlencoded', 'a=b+c'),
  arrive('array-buffer', 'bytes'),
  arrive('view', 'view'),
  arrive('data-view', 'view'),
  arrive('blob', '<ü>'),
  arrive('file', 'content'),
  arrive('web-stream', 'streamed'),
  arrive('form-data', form),
  arrive('post-form', [field('a', 'b c'), field('list[]', 'x'), field('list[]', 'y')]),
  arrive('session-token', 'x'),
  arrive('signed-header', '', get),
  arrive('dated', '', get),
  arrive('sent-again', '{"a":1}'),
  arrive('sent-again', '{"a":1}'),
  arrive('large-text', 'Grüße 💛 '.repeat(20_000)),
  arrive('large-bytes', 'bytes '.repeat(50_000)),
  arrive('paths', '', { ...get, query: [['q', '~ \xc3']] }),
  arrive('model', '{"a":1}'),
  arrive('sigv4a', 'x'),
  arrive('healed', 'x', { verdict: 'InvalidToken' }),
  arrive('healed', 'x'),
];

/** Only iconv-lite knows windows-1251: 'Привет' is these bytes in it. */
const inWindows1251 = arrive('charset', undefined, { body: '\xcf\xf0\xe8\xe2\xe5\xf2' });

const redirected: Readonly<Record<Traits['redirects'], readonly Arrival[]>> = {
  signed: [arrive('redirect', 'x', put), arrive('redirected', 'x', put), arrive('redirect-elsewhere', '', get)],
  refused: [arrive('redirect', 'x', put), arrive('redirect-elsewhere', '', get)],
  replayed: [
    arrive('redirect', 'x', put),
    arrive('redirected', 'x', { ...put, verdict: 'SignatureDoesNotMatch' }),
    arrive('redirect-elsewhere', '', get),
  ],
};

const ofForms = [
  arrive('html-form', [field('field', 'Grüße'), file('files', 'a.pdf', 'application/pdf', 'content')]),
  arrive('file-list', [file('files[]', 'a.pdf', 'application/pdf', 'content')]),
];

/** What the servers have to see of the scenario. */
export function expectArrivals({ platform, redirects, hasForms }: Traits): Pick<Arrivals, 'here' | 'elsewhere'> {
  return {
    here: [
      ...always,
      ...(platform === 'node' ? [inWindows1251] : []),
      ...redirected[redirects],
      ...(hasForms ? ofForms : []),
    ],
    elsewhere: {
      signed: [[]],
      refused: [],
      // Fetch Standard, HTTP-redirect fetch: the browser itself takes Authorization out, and nothing else.
      replayed: [['x-amz-date', 'x-amz-security-token']],
    }[redirects],
  };
}

/** What the scenario has to report: 200 wherever nothing is said here. */
export function expectOutcomes({ platform, redirects, hasForms }: Traits): Outcomes {
  const names = [...always, ...redirected.refused, ...(hasForms ? ofForms : [])].map(({ name }) => name);
  const refused = { redirect: 'ERR_REDIRECT', 'redirect-elsewhere': 'ERR_REDIRECT' };
  return {
    ...Object.fromEntries(names.map((name) => [name, 200])),
    charset: platform === 'node' ? 200 : 'ERR_CHARSET',
    ...{ signed: {}, refused, replayed: { redirect: 403 } }[redirects],
  };
}

export const withoutAxios: Arrival = arrive('without-axios', 'Grüße', {
  query: [
    ['c', latin1('ü')],
    ['b', '2'],
  ],
});
