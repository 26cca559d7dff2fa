/** Cases for bodies that are values: JSON, text, forms in URL encoding, bytes, and what transforms make of them. */
import type { AxiosRequestHeaders } from 'axios';
import { listCases, type WireCase } from '../wire-case.js';

const date = new Date('2026-11-22T10:20:30.456Z');
const TEXT = 'Grüße, 日本, 💛 \0\t\r\n"\\';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

class Temperature {
  constructor(readonly celsius: number) {}
  toJSON() {
    return { celsius: this.celsius };
  }
}

const post = (data: unknown, more: object = {}) => ({ method: 'post', url: '/items', data, ...more });

const json = listCases({ service: 'execute-api' }, [
  ['JSON: an object', () => post({ a: 'Grüße 💛', b: [1, null, { c: true }], d: undefined })],
  ['JSON: an empty object', () => post({})],
  ['JSON: an array', () => post([1, 'two', { three: 3 }])],
  ['JSON: an empty array', () => post([])],
  ['JSON: a date', () => post(date)],
  ['JSON: an object with toJSON', () => post({ t: new Temperature(21.5) })],
  ['JSON: an object of a class', () => post(new Temperature(-3))],
  ['JSON: lone surrogates and line separators', () => post({ a: '\ud800\u2028\u2029' })],
  ['JSON: a key that is __proto__', () => post(JSON.parse('{"__proto__":1,"a":2}'))],
  ['JSON: its type given', () => post({ a: 1 }, { headers: JSON_TYPE })],
  [
    'JSON: its type with a charset',
    () => post({ a: 'ü' }, { headers: { 'Content-Type': 'application/json; charset=utf-8' } }),
  ],
  ['JSON: a type of its own', () => post('{"a":1}', { headers: { 'Content-Type': 'application/x-amz-json-1.0' } })],
  [
    'JSON: an object for a type that axios does not know',
    () => post({ a: 1 }, { headers: { 'Content-Type': 'application/x-amz-json-1.1' } }),
  ],
  ['JSON: text that is JSON, trimmed', () => post('  {"a": 1}\n', { headers: JSON_TYPE })],
  ['JSON: text that is none', () => post('a b', { headers: JSON_TYPE })],
  ['JSON: text that is a JSON string', () => post('"a b"', { headers: JSON_TYPE })],
  ['JSON: a number', () => post(42, { headers: JSON_TYPE })],
  ['JSON: zero', () => post(0, { headers: JSON_TYPE })],
  ['JSON: true', () => post(true, { headers: JSON_TYPE })],
  ['JSON: false', () => post(false, { headers: JSON_TYPE })],
  ['JSON: null', () => post(null, { headers: JSON_TYPE })],
  ['JSON: nothing', () => post(undefined, { headers: JSON_TYPE })],
  ['JSON: 100 kB', () => post({ text: 'ä'.repeat(50_000) })],
]);

const text = listCases({ service: 'execute-api' }, [
  ['text: without a type', () => post('plain text')],
  ['text: every kind of character', () => post(TEXT, { headers: { 'Content-Type': 'text/plain' } })],
  ['text: a byte order mark', () => post('\ufeffa', { headers: { 'Content-Type': 'text/plain' } })],
  ['text: a lone surrogate', () => post('a\ud800b', { headers: { 'Content-Type': 'text/plain' } })],
  ['text: white space around it stays', () => post('  a \n', { headers: { 'Content-Type': 'text/plain' } })],
  ['text: UTF-8 by name', () => post(TEXT, { headers: { 'Content-Type': 'text/plain; charset=UTF-8' } })],
  [
    'text: XML',
    () => post('<?xml version="1.0"?>\n<a b="c">ü</a>', { headers: { 'Content-Type': 'application/xml' } }),
  ],
  [
    'text: newline-delimited JSON',
    () => post('{"index":{}}\n{"a":1}\n', { headers: { 'Content-Type': 'application/x-ndjson' } }),
  ],
  [
    'text: in the charset of its type',
    () => post('Grüße', { headers: { 'Content-Type': 'text/plain; charset=iso-8859-1' } }),
    { plainCorrupts: 'everywhere', sends: { body: Buffer.from('Grüße', 'latin1') } },
  ],
  [
    'text: in the charset of its type, quoted',
    () => post('ü\u0080ÿ', { headers: { 'Content-Type': 'text/plain; Charset="latin1"' } }),
    { plainCorrupts: 'everywhere', sends: { body: Buffer.from('ü\u0080ÿ', 'latin1') } },
  ],
]);

const urlencoded = listCases({ service: 'execute-api' }, [
  ['urlencoded: an object', () => post({ a: 'b c', d: '+&=', e: ['f', 'ü'], g: { h: 1 } }, { headers: FORM_TYPE })],
  [
    'urlencoded: an object in lower case',
    () => post({ a: 1 }, { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } }),
  ],
  [
    'urlencoded: an object with a formSerializer',
    () => post({ a: { b: [1, 2] } }, { headers: FORM_TYPE, formSerializer: { dots: true, indexes: null } }),
  ],
  ['urlencoded: text', () => post('Action=ListUsers&Version=2010-05-08&a=b+c%20d', { headers: FORM_TYPE })],
  [
    'urlencoded: URLSearchParams',
    () =>
      post(
        new URLSearchParams([
          ['a', 'b c'],
          ['a', '+'],
          ['ü', '💛'],
        ]),
      ),
  ],
  ['urlencoded: empty URLSearchParams', () => post(new URLSearchParams())],
  [
    'urlencoded: URLSearchParams with another type',
    () => post(new URLSearchParams({ a: 'b' }), { headers: { 'Content-Type': 'text/plain' } }),
  ],
  ['urlencoded: from the defaults', () => post({ a: 'b c' }), { defaults: () => ({ headers: { post: FORM_TYPE } }) }],
]);

const octets = (): Buffer => Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const asArrayBuffer = (bytes: Buffer): ArrayBuffer => Uint8Array.from(bytes).buffer;
const part = Buffer.from('4567');
const larger = (): ArrayBuffer => asArrayBuffer(Buffer.from('0123456789ab'));
const corrupted = { plainCorrupts: 'everywhere', sends: { body: part } } as const;

const bytes = listCases({ service: 'execute-api' }, [
  ['bytes: a Buffer of every octet', () => post(octets())],
  ['bytes: a Buffer with a type', () => post(octets(), { headers: { 'Content-Type': 'application/octet-stream' } })],
  ['bytes: a Buffer that is a view', () => post(Buffer.from('0123456789').subarray(4, 8)), { sends: { body: part } }],
  ['bytes: a Buffer with a JSON type', () => post(Buffer.from(' {"a":1} '), { headers: JSON_TYPE })],
  ['bytes: an empty Buffer', () => post(Buffer.alloc(0))],
  ['bytes: an ArrayBuffer', () => post(asArrayBuffer(octets()))],
  ['bytes: an empty ArrayBuffer', () => post(new ArrayBuffer(0))],
  ['bytes: a Uint8Array', () => post(new Uint8Array(octets()))],
  ['bytes: a Uint16Array', () => post(Uint16Array.of(1, 2, 0xffff))],
  ['bytes: a Float64Array', () => post(Float64Array.of(1.5, -0, NaN))],
  ['bytes: a BigInt64Array', () => post(BigInt64Array.of(1n, -1n))],
  ['bytes: a Uint8Array that is a view', () => post(new Uint8Array(larger(), 4, 4)), corrupted],
  ['bytes: an Int16Array that is a view', () => post(new Int16Array(larger(), 4, 2)), corrupted],
  ['bytes: a DataView that is a view', () => post(new DataView(larger(), 4, 4)), corrupted],
  ['bytes: a DataView', () => post(new DataView(asArrayBuffer(part))), { sends: { body: part } }],
  [
    'bytes: a Uint8Array with a type',
    () => post(new Uint8Array(larger(), 4, 4), { headers: { 'Content-Type': 'image/png' } }),
    corrupted,
  ],
  [
    'bytes: an empty view',
    () => post(new Uint8Array(larger(), 4, 0)),
    { ...corrupted, sends: { body: Buffer.alloc(0) } },
  ],
  ['bytes: 1 MiB', () => post(Buffer.alloc(1024 * 1024, 'abcdefg'))],
  [
    'bytes: to S3',
    () => ({ method: 'put', url: '/bucket/a+b', data: octets(), headers: { 'Content-Type': 'a/b' } }),
    { service: 's3' },
  ],
  [
    'bytes: unsigned, by the option',
    () => post(octets()),
    { options: { payload: 'unsigned' }, sends: { headers: { 'x-amz-content-sha256': ['UNSIGNED-PAYLOAD'] } } },
  ],
]);

const transformed = listCases({ service: 'execute-api' }, [
  [
    'transform: one function',
    () => post({ a: 1 }, { transformRequest: (data: object) => JSON.stringify({ ...data, b: 2 }) }),
    { resent: 'other' },
  ],
  [
    'transform: several, that change data and headers',
    () =>
      post(
        { a: 1 },
        {
          transformRequest: [
            (data: object) => ({ ...data, b: 2 }),
            (data: object, headers: AxiosRequestHeaders) => {
              headers.set('Content-Type', 'text/x-lines');
              headers.set('X-Amz-Meta-Count', String(Object.keys(data).length));
              return Object.keys(data).join('\n');
            },
          ],
        },
      ),
    { resent: 'other' },
  ],
  ['transform: to bytes', () => post('abc', { transformRequest: [(data: string) => Buffer.from(data, 'latin1')] })],
  ['transform: to nothing', () => post({ a: 1 }, { transformRequest: [() => undefined] })],
  ['transform: none', () => post('{"a":1}', { transformRequest: [] })],
  [
    'transform: from the defaults',
    () => post({ a: 1 }),
    { defaults: () => ({ transformRequest: [(data: object) => `<${JSON.stringify(data)}>`] }), resent: 'other' },
  ],
  [
    'transform: that reads what the headers are',
    () =>
      post('a', {
        headers: { 'X-Prefix': 'p-' },
        transformRequest: [(data: string, headers: AxiosRequestHeaders) => String(headers.get('x-prefix')) + data],
      }),
    { resent: 'other' },
  ],
]);

const other = listCases({ service: 'execute-api' }, [
  ['upload progress: an object', () => post({ a: 'ü' }, { onUploadProgress: noteProgress })],
  ['upload progress: bytes', () => post(Buffer.alloc(200_000, 'x'), { onUploadProgress: noteProgress })],
  ['limits: maxBodyLength', () => post({ a: 1 }, { maxBodyLength: 1000 })],
  ['its own Content-Length', () => post('abc', { headers: { 'Content-Length': '3', 'Content-Type': 'text/plain' } })],
  [
    'its own Content-MD5',
    () => post('abc', { headers: { 'Content-MD5': 'kAFQmDzST7DWlj99KOF/cg==', 'Content-Type': 'text/plain' } }),
  ],
  ['its own Content-Encoding', () => post(Buffer.from('1f8b', 'hex'), { headers: { 'Content-Encoding': 'gzip' } })],
]);

function noteProgress(): void {
  // What is told does not matter here: asking for it makes axios wrap the body in a stream.
}

/** Every case about bodies that are values. */
export const bodyCases: readonly WireCase[] = [...json, ...text, ...urlencoded, ...bytes, ...transformed, ...other];
