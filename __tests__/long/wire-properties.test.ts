/** What is signed is what is sent, for generated paths, parameters, headers and bodies through a real axios. */
import type { AxiosRequestConfig } from 'axios';
import fc from 'fast-check';
import type { WireCase } from '../wire/wire-case.js';
import { checkCase, recordRequests } from '../wire/wire-runner.js';

const server = recordRequests();

// As for the differential tests: every run takes the same road, and PROPERTY_SEED takes another.
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20_150_830);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);

/** Sends what was generated; a failure names the seed and path that bring it back. */
async function checkAll<T>(generated: fc.Arbitrary<T>, toCase: (value: T) => GeneratedCase): Promise<void> {
  await fc.assert(
    fc.asyncProperty(generated, async (value) => {
      const wireCase = { name: 'generated', service: 'execute-api', ...toCase(value) } as const;
      const defaults = { adapter: 'http' };
      await checkCase(wireCase, { name: 'http', ...server.ends(), defaults });
    }),
    { seed: SEED, numRuns: RUNS },
  );
}

type GeneratedCase = Pick<WireCase, 'request'> & Partial<WireCase>;

const service = fc.constantFrom('execute-api', 's3', 'lambda', 'es');
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 8 });
/** Any text but halves of characters, which encodeURIComponent refuses. */
const wellFormed = fc.oneof(ascii, fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ maxLength: 8 }));
const halves = fc.constantFrom('\ud83d', '\udc9b', 'a\ud800b', '\udfff\ud800');
const anyText = fc.oneof({ weight: 5, arbitrary: wellFormed }, { weight: 1, arbitrary: halves });
const escapes = fc.constantFrom(
  ...['%2F', '%2f', '%25', '%20', '%2B', '+', '%', '%zz', '%C3%BC', '%ff', '%00', '%3A', '%7e'],
);
const spelled = fc.oneof(anyText, wellFormed.map(encodeURIComponent), escapes);
const joinTexts = (texts: readonly string[]): string => texts.join('');
const urlText = fc.array(spelled, { maxLength: 5 }).map(joinTexts);
const segment = fc.oneof(urlText, fc.constantFrom('', '.', '..', '%2e', '%2E%2e', 'a:b', 'a@b', '\\'));

/** Where a `%2F` is all that keeps a dot segment from being one, nothing else names the same key. */
function keepsEncodedSlash(url: string): boolean {
  const { pathname } = new URL(url, server.ends().origin);
  return /\/\.{1,2}(?:\/|$)/.test(pathname.replace(/%2f/gi, '/').replace(/%2e/gi, '.'));
}

it('paths', async () => {
  const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/p/${segments.join('/')}`);
  await checkAll(fc.record({ path, service }), (generated) => ({
    service: generated.service,
    keepsEncodedSlash: generated.service === 's3' && keepsEncodedSlash(generated.path),
    request: () => ({ url: generated.path }),
  }));
});

it('queries in the URL', async () => {
  const query = fc.array(
    fc.oneof(
      urlText,
      fc.tuple(urlText, urlText).map((pair) => pair.join('=')),
    ),
    { maxLength: 6 },
  );
  await checkAll(fc.record({ query, service }), (generated) => ({
    service: generated.service,
    request: () => ({ url: `/p?${generated.query.join('&')}` }),
  }));
});

it('params', async () => {
  const scalar = fc.oneof(wellFormed, fc.double(), fc.boolean(), fc.constant(null), fc.date({ noInvalidDate: true }));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      // Without a prototype, an object in a list is nothing that axios can serialize.
      fc.dictionary(wellFormed, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const params = fc.dictionary(wellFormed, value, { maxKeys: 5 });
  const paramsSerializer = fc.constantFrom<NonNullable<AxiosRequestConfig['paramsSerializer']>>(
    {},
    { indexes: true },
    { indexes: null },
    { dots: true },
    { encode: encodeURIComponent },
  );
  await checkAll(fc.record({ params, paramsSerializer, service }), (generated) => ({
    service: generated.service,
    request: () => ({ url: '/p?a=b', params: generated.params, paramsSerializer: generated.paramsSerializer }),
  }));
});

it('params as URLSearchParams', async () => {
  await checkAll(fc.array(fc.tuple(anyText, anyText), { maxLength: 5 }), (pairs) => ({
    request: () => ({ url: '/p', params: new URLSearchParams(pairs) }),
  }));
});

it('headers', async () => {
  const name = fc
    .tuple(fc.constantFrom('X-P-', 'x-amz-meta-', 'x-P', 'X-AMZ-Meta-'), fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/))
    .map(joinTexts);
  const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
  const spaced = fc.array(fc.constantFrom(' ', '  ', '\t', 'a', ',', '"', ';', 'b:c'), { maxLength: 8 }).map(joinTexts);
  const text = fc.oneof(latin1, spaced);
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }));
  await checkAll(fc.dictionary(name, value, { maxKeys: 6 }), (headers) => ({
    options: { signedHeaders: ['*'] },
    request: () => ({
      method: 'put',
      url: '/p',
      data: 'a',
      headers: headers,
    }),
  }));
});

it('headers that are not signed', async () => {
  const value = fc.oneof(anyText, fc.array(anyText, { maxLength: 3 }));
  const name = fc.stringMatching(/^X-P-[A-Za-z0-9_-]{1,6}$/);
  await checkAll(fc.dictionary(name, value, { maxKeys: 6 }), (headers) => ({
    request: () => ({ url: '/p', headers }),
  }));
});

const method = fc.constantFrom('post', 'put', 'patch', 'delete', 'get', 'options');
const contentType = fc.constantFrom(
  ...[
    undefined,
    'application/json',
    'text/plain',
    'text/plain; charset=utf-8',
    'application/x-www-form-urlencoded',
    'a/b',
  ],
);
const headersFor = (type: string | undefined) => (type === undefined ? {} : { headers: { 'Content-Type': type } });

it('bodies of text and JSON', async () => {
  const data = fc.oneof(
    anyText,
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.json(),
    fc.object(),
    fc.array(fc.jsonValue()),
  );
  await checkAll(fc.record({ data, method, contentType }), (generated) => ({
    request: () => ({
      method: generated.method,
      url: '/p',
      data: generated.data,
      ...headersFor(generated.contentType),
    }),
  }));
});

it('bodies of bytes, in views on larger buffers', async () => {
  const bytes = fc.uint8Array({ maxLength: 3000 });
  await checkAll(fc.record({ bytes, before: fc.nat(64), after: fc.nat(64), method, contentType }), (generated) => ({
    plainCorrupts: 'everywhere',
    sends: { body: Buffer.from(generated.bytes) },
    request: () => {
      const { before, after } = generated;
      const larger = new Uint8Array(before + generated.bytes.length + after).fill(7);
      larger.set(generated.bytes, before);
      const data = larger.subarray(before, before + generated.bytes.length);
      return { method: generated.method, url: '/p', data, ...headersFor(generated.contentType) };
    },
  }));
});

it('forms', async () => {
  // HTML's multipart encoding has every line end in a name as CRLF; axios's http adapter leaves others as they are.
  const name = anyText.map((text) => text.replace(/\r\n|\r|\n/g, '\r\n'));
  const field = fc.tuple(name, fc.oneof(anyText, fc.uint8Array({ maxLength: 100 })));
  await checkAll(fc.array(field, { maxLength: 4 }), (fields) => ({
    request: () => {
      const data = new FormData();
      for (const [name, value] of fields) {
        if (typeof value === 'string') data.append(name, value);
        else data.append(name, new Blob([Uint8Array.from(value)], { type: 'a/b' }), 'file');
      }
      return { method: 'post', url: '/p', data };
    },
  }));
});
