/** Object keys that are hard to spell in a URL, a signature or a listing. */
import { answerTo, bytesOf, decodeKeys, pathOfKey, pathOfSegments, textOf, textsIn } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

/** Keys, each of which some client or server has spelled wrongly. */
export const keys: readonly string[] = [
  ...['plain', 'a.b-c_d~e', '-', 'null', 'undefined', 'favicon.ico', 'ABC', 'x'.repeat(1024)],
  ...['a b', ' lead', 'trail ', '  two  ', ' ', 'a+b', 'a b+c', '\u00a0', '\u2028', '\u200b'],
  ...['100%', '%41', '%2F', 'a%2Fb', '%25', 'a%252Fb', '%zz', '%E9', '%'.repeat(1024)],
  ...['é', 'e\u0301', '日本語', 'ß', 'İ', '\u212b', 'ＡＢＣ', '\ufffd', '\uffff', '\ufeffbom', '日'.repeat(341)],
  ...['😀', '👩‍👩‍👧‍👦', '🇦🇶', '😀'.repeat(256)],
  ...['a//b', '//', 'a///b', '/lead', '//lead', 'trail/', 'trail//', '/', 'seg/'.repeat(255), 'é/ /+/%'],
  ...Array.from(`!*'()~;:@&=+$,?#[]{}|\\^<>"\``),
  ...[`!*'()~;:@&=+$,?#[]{}|\\^<>"\``, `"double"`, `'single'`, 'a=b&c=d', 'a?b#c', '?list-type=2', 'a;b=c', '&amp;'],
  ...['https://example.com/?a=b', 'C:\\dir\\file', '\\..\\', '<![CDATA[x]]>', '${x}', '$&', '{0}'],
  ...['a\tb', 'a\nb', 'a\rb', 'a\r\nb', '\u0001', '\u0002\u001f', '\u007f', '\u0085', '\u0000'],
  ...[
    '..a',
    'a..',
    'a/..b',
    '...',
    'a/.../b',
    '.hidden',
    'a/.hidden/b',
    '%2e%2e',
    'a/%2e%2e/b',
    '..%2Fx',
    '.%2F',
    '%2e',
  ],
];

export const keyCases: readonly StoreCase[] = keys.map((key) => ({
  name: nameKey(key),
  run: (surroundings) => checkKey(surroundings, key),
}));

export function nameKey(key: string): string {
  const start = Array.from(key).slice(0, 40).join('');
  const rest = start === key ? '' : `... (${String(Buffer.byteLength(key))} bytes)`;
  // Otherwise some are not seen, and jest takes % and $ in a title for places to fill.
  return JSON.stringify(start).replace(/[^ -~]|[%$]/gu, (c) => `{${c.codePointAt(0)?.toString(16) ?? ''}}`) + rest;
}

async function checkKey({ client, bucket }: Surroundings, key: string): Promise<void> {
  const body = Buffer.from(`the body of ${key}`);
  await client.put(pathOfKey(bucket, key), body, { headers: { 'Content-Type': 'application/x-test' } });

  for (const path of spellings(bucket, key)) {
    const response = await client.get(path);
    expect(bytesOf(response)).toStrictEqual(body);
    expect(response.headers['content-type']).toBe('application/x-test');
  }
  const head = await client.head(pathOfKey(bucket, key));
  expect(head.headers['content-length']).toBe(String(body.byteLength));

  // An answer repeats the prefix, and RGW does not encode it there.
  const prefix = fitsXml(key) ? key : '';
  const listed = await client.get(`/${bucket}`, { params: { 'list-type': 2, prefix, 'encoding-type': 'url' } });
  expect(decodeKeys(textsIn(textOf(listed), 'Key'))).toStrictEqual([key]);
  if (fitsXml(key)) {
    const plain = await client.get(`/${bucket}`, { params: { 'list-type': 2, prefix: key } });
    expect(textsIn(textOf(plain), 'Key')).toStrictEqual([key]);
  }

  await client.delete(pathOfKey(bucket, key));
  expect(await answerTo(client.get(pathOfKey(bucket, key)))).toBe('404 NoSuchKey');
}

/** The ways to write a key into a URL that say the same. */
function spellings(bucket: string, key: string): readonly string[] {
  const encoded = [pathOfKey(bucket, key), pathOfSegments(bucket, key)];
  // These mean something else in a URL, or are dropped by its parser.
  const mustBeEncoded = /[%?#\\\p{Cc}]|\s$/u.test(key);
  return mustBeEncoded ? encoded : [...encoded, `/${bucket}/${key}`];
}

/** XML 1.0 has no place for other characters; S3 has `encoding-type=url` for them. */
const fitsXml = (key: string): boolean => /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(key);
