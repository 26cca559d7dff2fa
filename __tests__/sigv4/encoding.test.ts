/** Percent-encoding, against RFC 3986 and the platform's own decoder. */
import fc from 'fast-check';
import { encodeRfc3986, recodeRfc3986 } from '../../lib/sigv4/encoding.js';

const everyByte = Array.from({ length: 256 }, (_, byte) => byte);
const unreserved = /[A-Za-z0-9\-._~]/;

describe('encodeRfc3986', () => {
  it('leaves the unreserved characters and escapes every other ASCII character', () => {
    for (const byte of everyByte.slice(0, 128)) {
      const character = String.fromCharCode(byte);
      const escape = `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      expect(encodeRfc3986(character)).toBe(unreserved.test(character) ? character : escape);
    }
  });

  it.each([
    ['ሴ', '%E1%88%B4'],
    ['💛', '%F0%9F%92%9B'],
    ['a b+c/d', 'a%20b%2Bc%2Fd'],
    ['100%', '100%25'],
    ['', ''],
  ])('encodes %j', (text, encoded) => {
    expect(encodeRfc3986(text)).toBe(encoded);
  });

  it.each([
    ['\uD83D', '%EF%BF%BD'],
    ['a\uDC9Bb', 'a%EF%BF%BDb'],
    ['\uDC9B\uD83D', '%EF%BF%BD%EF%BF%BD'],
    ['\uD83D💛', '%EF%BF%BD%F0%9F%92%9B'],
  ])('writes a lone surrogate as U+FFFD: %j', (text, encoded) => {
    expect(encodeRfc3986(text)).toBe(encoded);
  });

  it('is undone by decodeURIComponent, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeURIComponent(encodeRfc3986(text))).toBe(text);
        expect(encodeRfc3986(text)).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/);
      }),
    );
  });
});

describe('recodeRfc3986', () => {
  it.each([
    ['escapes what needs it', 'a b:c', 'a%20b%3Ac'],
    ['keeps escapes', 'a%20b%2Fc', 'a%20b%2Fc'],
    ['unescapes what needs none', '%41%7e%2D', 'A~-'],
    ['writes hex in upper case', '%e1%88%b4%c3%BC', '%E1%88%B4%C3%BC'],
    ['takes a plus for a plus', 'a+b', 'a%2Bb'],
    ['keeps bytes that are not UTF-8', '%ff%C3', '%FF%C3'],
    ['takes % before no hex for itself', '100%zz%4', '100%25zz%254'],
    ['takes a % at the end for itself', '%', '%25'],
    ['does not take %% for an escape', '%%20', '%25%20'],
    ['handles surrogate pairs beside escapes', '%20💛%20', '%20%F0%9F%92%9B%20'],
    ['writes lone surrogates as U+FFFD', '%20\uD83D', '%20%EF%BF%BD'],
  ])('%s: %j', (_, text, recoded) => {
    expect(recodeRfc3986(text)).toBe(recoded);
  });

  it('undoes and encodes again what encodeURIComponent encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(recodeRfc3986(encodeURIComponent(text))).toBe(encodeRfc3986(text));
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(recodeRfc3986(recodeRfc3986(text))).toBe(recodeRfc3986(text));
      }),
    );
  });
});
