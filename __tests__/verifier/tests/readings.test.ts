/** The readings of paths and queries that services have, and that one of them must hold. */
import { normalizeByRfc3986, normalizeBySegments, readPath, readQuery } from '../src/canonical-request.js';
import type { VerifyOptions } from '../src/verify-signature.js';
import { matching } from './matchers.js';
import { codeOf, PLAIN, S3_LIKE, verifyDraft } from './signed-requests.js';

describe('the readings of a query', () => {
  const accepted: readonly (readonly [query: string, canonicalQuery: string])[] = [
    ['', ''],
    ['a', 'a='],
    ['a=', 'a='],
    ['=a', '=a'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=?', 'a=%3F'],
    ["a=:$,'()*!;@/", 'a=%3A%24%2C%27%28%29%2A%21%3B%40%2F'],
    ['a[]=1&a[]=0', 'a%5B%5D=0&a%5B%5D=1'],
    ['a=~-._', 'a=~-._'],
    ['a=%7e%2D', 'a=~-'],
    ['a=%ff%00', 'a=%FF%00'],
    ['a=%25%32%30', 'a=%2520'],
    ['a=%2B', 'a=%2B'],
    ['a-b=1&a=2&a1=3', 'a=2&a-b=1&a1=3'],
    ['b&B&_&%C3%A9', '%C3%A9=&B=&_=&b='],
    ['a=%41&a=%2541', 'a=%2541&a=A'],
  ];
  it.each(accepted)('reads %j as %j', (query, canonicalQuery) => {
    expect(codeOf(verifyDraft({ target: `/?${query}`, canonicalPath: '/', canonicalQuery }))).toBe('ok');
  });

  const refused: readonly (readonly [why: string, query: string, canonicalQuery: string])[] = [
    ['a raw plus signed as a plus', 'a=1+2', 'a=1%2B2'],
    ['a raw plus signed as a space', 'a=1+2', 'a=1%202'],
    ['a raw plus in a name', 'a+b', 'a%2Bb='],
    ['an empty parameter signed', 'a&&b', '=&a=&b='],
    ['an empty parameter not signed', 'a&&b', 'a=&b='],
    ['an empty parameter first', '&a', 'a='],
    ['a sort of whole pairs', 'a-b=1&a=2', 'a-b=1&a=2'],
    ['a sort before the encoding', 'b&%C3%A9', 'b=&%C3%A9='],
    ['duplicates in the order sent', 'a=2&a=1', 'a=2&a=1'],
    ['escapes in lower case', 'a=%2f', 'a=%2f'],
    ['escapes encoded again', 'a=%2F', 'a=%252F'],
    ['a name without a value left so', 'a', 'a'],
    ['an apostrophe left as it is', "a='", "a='"],
  ];
  it.each(refused)('refuses %s: %j as %j', (_why, query, canonicalQuery) => {
    expect(codeOf(verifyDraft({ target: `/?${query}`, canonicalPath: '/', canonicalQuery }))).toBe(
      'SignatureDoesNotMatch',
    );
  });

  it('says which reading held and which did not', () => {
    const verdict = verifyDraft({ target: '/?a=1+2', canonicalPath: '/', canonicalQuery: 'a=1%2B2' });
    expect(verdict).toMatchObject({
      message: matching(/holds only when .* is a plus .* not when .* is a space/),
    });
  });
});

describe('every reading in full', () => {
  const textsOf = (readings: readonly { readonly text: string }[]): readonly string[] =>
    readings.map(({ text }) => text);

  it.each([
    [undefined, ['']],
    ['', ['']],
    ['b=1&a', ['a=&b=1']],
    ['b+c=+', ['b%2Bc=%2B', 'b%20c=%20']],
    ['b&&a', ['a=&b=', '=&a=&b=']],
    ['+&', ['%2B=', '=&%2B=', '%20=', '=&%20=']],
  ])('reads the query %j as %j', (query, texts) => {
    expect(textsOf(readQuery(query))).toEqual(texts);
  });

  const twice = { pathEncoding: 'double', normalizePath: true, encodedSlash: 'distinct' } as const;
  const once = { pathEncoding: 'single', normalizePath: false, encodedSlash: 'distinct' } as const;
  it.each([
    ['', ['/'], twice],
    ['/a%20b', ['/a%2520b'], twice],
    ['/a/b/..', ['/a', '/a/'], twice],
    ['/a%20b', ['/a%20b'], once],
    ['/a/%2f+', ['/a/%2f+', '/a/%2F%2B'], once],
    ['/a/%2f', ['/a/%2f', '/a/%2F', '/a//'], { ...once, encodedSlash: 'ambiguous' } as const],
  ])('reads the path %j as %j', (path, texts, options) => {
    expect(textsOf(readPath(path, options))).toEqual(texts);
  });

  it('says which reading of a path holds, and which does not', () => {
    expect(verifyDraft({ target: '/a/b/..', canonicalPath: '/a' })).toMatchObject({
      message: matching(/only when the path is normalised segment by segment and is encoded once more,.*RFC 3986/),
    });
    expect(verifyDraft({ target: '/a+', canonicalPath: '/a+' }, S3_LIKE)).toMatchObject({
      message: matching(/only when the path is not normalised and is taken literally,.*encoded again by segment/),
    });
  });
});

describe('the readings of a path', () => {
  const accepted: readonly (readonly [kind: string, path: string, canonicalPath: string, options: VerifyOptions])[] = [
    ['once', '/a%20b/%C3%A9', '/a%20b/%C3%A9', S3_LIKE],
    ['once', '//a/./../b//', '//a/./../b//', S3_LIKE],
    ['once', '/a%2Fb', '/a%2Fb', S3_LIKE],
    ['once', '/a%20b/c', '/a%20b/c', { ...S3_LIKE, encodedSlash: 'ambiguous' }],
    ['once', '/a%20b%2Fc', '/a%20b/c', { ...S3_LIKE, encodedSlash: 'slash' }],
    ['twice', '/a%20b/%C3%A9', '/a%2520b/%25C3%25A9', PLAIN],
    ['twice', '/a+b:c', '/a%2Bb%3Ac', PLAIN],
    ['twice', '/a%2fb', '/a%252fb', PLAIN],
    ['twice', '//a/./b/../c//', '/a/c/', PLAIN],
    ['twice', '/a/%2e%2E/b', '/a/%252e%252E/b', PLAIN],
    ['twice', '//a/..', '//a/..', { ...PLAIN, normalizePath: false }],
  ];
  it.each(accepted)('encoded %s: accepts %s as %s', (_kind, target, canonicalPath, options) => {
    expect(codeOf(verifyDraft({ target, canonicalPath }, options))).toBe('ok');
  });

  const refused: readonly (readonly [why: string, options: VerifyOptions, path: string, canonicalPath: string])[] = [
    ['a raw plus for S3, taken literally', S3_LIKE, '/a+b', '/a+b'],
    ['a raw plus for S3, encoded', S3_LIKE, '/a+b', '/a%2Bb'],
    ['%2F for S3 where it is ambiguous, as itself', { ...S3_LIKE, encodedSlash: 'ambiguous' }, '/a%2Fb', '/a%2Fb'],
    ['%2F for S3 where it is ambiguous, as a slash', { ...S3_LIKE, encodedSlash: 'ambiguous' }, '/a%2Fb', '/a/b'],
    ['%2F for S3 as a slash', S3_LIKE, '/a%2Fb', '/a/b'],
    ['%2F for S3 that takes it for a slash, as itself', { ...S3_LIKE, encodedSlash: 'slash' }, '/a%2Fb', '/a%2Fb'],
    ['an escape in lower case for S3', S3_LIKE, '/%c3%a9', '/%c3%a9'],
    ['an escape that was not needed for S3', S3_LIKE, '/%41', '/A'],
    ['a normalised path for S3', S3_LIKE, '/a//b', '/a/b'],
    ['a path encoded once for another service', PLAIN, '/a%20b', '/a%20b'],
    ['a path not normalised for another service', PLAIN, '/a//b', '/a//b'],
    ['a trailing .. with its slash, as RFC 3986 has it', PLAIN, '/a/b/..', '/a/'],
    ['a trailing .. without a slash, as the SDKs have it', PLAIN, '/a/b/..', '/a'],
    ['an empty segment before .. kept by RFC 3986', PLAIN, '/a//../b', '/a/b'],
    ['an empty segment before .. dropped by the SDKs', PLAIN, '/a//../b', '/b'],
  ];
  it.each(refused)('refuses %s', (_why, options, target, canonicalPath) => {
    expect(codeOf(verifyDraft({ target, canonicalPath }, options))).toBe('SignatureDoesNotMatch');
  });

  it.each([
    ['/a/b/c/./../../g', '/a/g', '/a/g'],
    ['/mid/content=5/../6', '/mid/6', '/mid/6'],
    ['/../../a', '/a', '/a'],
    ['/a/.', '/a/', '/a'],
    ['/..', '/', '/'],
    ['/...', '/...', '/...'],
  ])('normalises %s', (path, byRfc3986, bySegments) => {
    expect(normalizeByRfc3986(path)).toBe(byRfc3986);
    expect(normalizeBySegments(path)).toBe(bySegments);
  });
});
