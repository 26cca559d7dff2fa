/** UTF-8 where there is no `TextEncoder`, against Node's own encoder. */
import { encodeByEscapes, encodeUtf8 } from '../../lib/platform/utf8.js';

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// Each length of a sequence with its first and last code point, the bounds of the surrogates, and both kinds of planes.
const bounds = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x1f49b, 0x10ffff];

describe.each([
  ['encodeUtf8', encodeUtf8],
  ['encodeByEscapes', encodeByEscapes],
])('%s', (_, encode) => {
  it.each(bounds)('encodes the code point %d as Node does', (codePoint) => {
    const text = `a${String.fromCodePoint(codePoint)}z`;
    expect(toHex(encode(text))).toBe(Buffer.from(text, 'utf8').toString('hex'));
  });

  it.each([
    ['high surrogate at the end', 'a\ud83d', '61efbfbd'],
    ['high surrogate before text', '\ud83dz', 'efbfbd7a'],
    ['low surrogate', 'a\udc9bz', '61efbfbd7a'],
    ['pair in the wrong order', '\udc9b\ud83d', 'efbfbdefbfbd'],
  ])('makes U+FFFD of a lone %s', (_name, text, hex) => {
    expect(toHex(encode(text))).toBe(hex);
  });

  it('encodes nothing as nothing', () => {
    expect(encode('')).toHaveLength(0);
  });
});

it('encodes one in seven of all code points as Node does', () => {
  const differing: number[] = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 7) {
    const text = String.fromCodePoint(codePoint);
    if (toHex(encodeByEscapes(text)) !== Buffer.from(text, 'utf8').toString('hex')) differing.push(codePoint);
  }
  expect(differing).toStrictEqual([]);
});

it('encodes where there is no TextEncoder', () => {
  const { TextEncoder: own } = globalThis;
  Reflect.deleteProperty(globalThis, 'TextEncoder');
  try {
    jest.isolateModules(() => {
      const { encodeUtf8: encode } = jest.requireActual<{ encodeUtf8: typeof encodeUtf8 }>('../../lib/platform/utf8');
      expect(toHex(encode('Grüße 💛'))).toBe(Buffer.from('Grüße 💛').toString('hex'));
    });
  } finally {
    globalThis.TextEncoder = own;
  }
});
