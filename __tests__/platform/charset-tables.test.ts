/** Text in other charsets: as iconv-lite encodes the whole of it, wherever slices are cut, and with turns for others. */
import iconv from 'iconv-lite';
import { encodeByTable } from '../../lib/platform/charset-tables.js';
import { sliceText } from '../../lib/request/slices.js';
import { platform } from '#platform';

const takeTurn = jest.spyOn(platform, 'yieldToEventLoop');
beforeEach(() => takeTurn.mockClear());

const CUT = 2 ** 16;
const long = (before: string, atCut: string, after: string): string =>
  before.repeat(CUT / before.length).slice(0, CUT - 1) + atCut + after.repeat(CUT);

it.each([
  ['latin1', long('é', 'ab', 'é')],
  ['windows-1252', long('a', '€€', 'é')],
  ['koi8-r', long('Д', 'ЖЖ', 'б')],
  ['shift_jis', long('あ', 'ｱあ', 'x')],
  ['euc-jp', long('あ', 'いう', 'え')],
  ['big5-hkscs', long('中', 'Ê\u0304', 'a')],
  ['gb18030', long('中', '💛', '😀')],
  ['utf-16', long('a', '💛', 'ä')],
  ['utf-16be', long('a', '💛', 'ä')],
  ['utf-32', long('a', '💛', 'ä')],
  ['utf-16le', long('a', '💛', 'ä')],
  ['cesu-8', long('a', '💛', 'ä')],
])('in %s are the same bytes', async (charset, text) => {
  const { bytes, decoded } = await encodeByTable(text, charset, sliceText);
  expect(decoded).toBe(text);
  expect(iconv.encode(text, charset).equals(bytes)).toBe(true);
  // Of each slice but the first, as it is measured and as it is written.
  expect(takeTurn.mock.calls.length).toBeGreaterThanOrEqual(2 * (Math.ceil(text.length / (CUT + 1)) - 1));
});

it('in UTF-7, which may be written in several ways, is the same text', async () => {
  const text = long('ä', '💛', 'a');
  const { bytes, decoded } = await encodeByTable(text, 'utf-7', sliceText);
  expect(decoded).toBe(text);
  expect(iconv.decode(Buffer.from(bytes), 'utf-7')).toBe(text);
});

it.each([
  ['latin1', 'é'],
  ['utf-16le', '\uFEFFa'],
  ['utf-16', 'a'],
  ['shift_jis', ''],
])('in %s is encoded at once where it is short', async (charset, text) => {
  const { bytes, decoded } = await encodeByTable(text, charset, sliceText);
  expect(decoded).toBe(text);
  expect(iconv.encode(text, charset).equals(bytes)).toBe(true);
  expect(takeTurn).not.toHaveBeenCalled();
});

it.each([
  ['at its beginning', `€${'a'.repeat(2 * CUT)}`],
  ['behind a cut', `${'a'.repeat(2 * CUT)}€`],
  ['where it is short', '€'],
])('that the charset cannot hold %s is told by what it decodes to', async (_, text) => {
  const { decoded } = await encodeByTable(text, 'latin1', sliceText);
  expect(decoded).not.toBe(text);
});

it('in a charset that nobody knows is refused', async () => {
  await expect(encodeByTable('a', 'klingon', sliceText)).rejects.toThrow(RangeError);
});
