/** Bodies, and the charsets that a content type names. */
import { prepareContent, type Content } from '../../lib/request/body.js';
import { platform } from '#platform';

const prepare = (data: unknown, contentType: string): Content | Promise<Content> =>
  prepareContent(data, {
    contentType: contentType === '' ? undefined : contentType,
    formDataHeaderPolicy: undefined,
    keepsStreams: false,
    maxStreamBytes: 100,
    adapterName: 'http',
  });

const encodeBody = async (data: unknown, contentType: string): Promise<Content['body']> =>
  (await prepare(data, contentType)).body;

const bytesOf = async (data: unknown, contentType: string): Promise<number[]> => {
  const body = await encodeBody(data, contentType);
  return [...Buffer.from((body ?? '') as string | Uint8Array)];
};

describe('text', () => {
  it.each([
    ['no content type', ''],
    ['no charset', 'text/plain'],
    ['UTF-8', 'text/plain; charset=utf-8'],
    ['UTF-8 in other words', 'text/plain; Charset="UTF8"'],
    ['an empty charset', 'text/plain; charset='],
    ['a charset inside another parameter', 'multipart/form-data; boundary="; charset=latin1"'],
  ])('is UTF-8 with %s', async (_, contentType) => {
    expect(await encodeBody('Grüße 💛', contentType)).toBe('Grüße 💛');
  });

  it.each(['text/plain; charset=iso-8859-1', 'text/plain;charset="ISO-8859-1"', 'a/b; x=";" ; charset=latin1; y=z'])(
    'is encoded as %s',
    async (contentType) => {
      expect(await bytesOf('Grüße', contentType)).toStrictEqual([0x47, 0x72, 0xfc, 0xdf, 0x65]);
    },
  );

  it('is encoded as ASCII', async () => {
    expect(await bytesOf('abc', 'text/plain; charset=us-ascii')).toStrictEqual([97, 98, 99]);
  });

  it.each(['iso-8859-1', 'us-ascii'])('that %s cannot hold is refused', async (charset) => {
    const encoding = encodeBody('💛', `text/plain; charset=${charset}`);
    await expect(encoding).rejects.toMatchObject({
      code: 'ERR_CHARSET',
      message: expect.stringContaining(charset) as string,
    });
  });

  it('in a charset that nobody knows is refused', async () => {
    const encoding = encodeBody('abc', 'text/plain; charset=klingon');
    await expect(encoding).rejects.toMatchObject({
      code: 'ERR_CHARSET',
      message: expect.stringContaining('klingon') as string,
    });
  });

  // Bytes from the tables of the Encoding Standard.
  const tables: [charset: string, text: string, bytes: number[]][] = [
    ['windows-1252', '€', [0x80]],
    ['shift_jis', 'あ', [0x82, 0xa0]],
    ['euc-jp', 'あ', [0xa4, 0xa2]],
    ['gb18030', '中', [0xd6, 0xd0]],
    ['big5', '中', [0xa4, 0xa4]],
    ['euc-kr', '가', [0xb0, 0xa1]],
    ['koi8-r', 'Д', [0xe4]],
    ['utf-16le', 'aä', [0x61, 0, 0xe4, 0]],
    ['utf-16be', 'aä', [0, 0x61, 0, 0xe4]],
  ];
  if (platform.name === 'node') {
    it.each(tables)('is encoded as %s', async (charset, text, bytes) => {
      expect(await bytesOf(text, `text/plain; charset=${charset}`)).toStrictEqual(bytes);
    });
  } else {
    it.each(tables)('is refused in %s, which this platform has no table for', async (charset, text) => {
      const encoding = encodeBody(text, `text/plain; charset=${charset}`);
      await expect(encoding).rejects.toMatchObject({ code: 'ERR_CHARSET' });
    });
  }
});

describe('bytes', () => {
  const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer;
  it.each([
    ['a Uint8Array', new Uint8Array(buffer, 2, 3), [3, 4, 5]],
    ['a Buffer', Buffer.from(buffer, 2, 3), [3, 4, 5]],
    ['a Uint16Array', new Uint16Array(buffer, 2, 1), [3, 4]],
    ['a DataView', new DataView(buffer, 6), [7, 8]],
    ['an ArrayBuffer', buffer, [1, 2, 3, 4, 5, 6, 7, 8]],
    ['no bytes', new Uint8Array(0), []],
  ])('are those of %s alone, in whatever charset', async (_, data, bytes) => {
    expect(await bytesOf(data, 'text/plain; charset=iso-8859-1')).toStrictEqual(bytes);
  });

  it.each([undefined, null])('are none for %p', async (data) => {
    expect(await encodeBody(data, '')).toBeUndefined();
  });
});

it.each([[new Map()], [{}], [5], [true], [Object.create(null)], [Symbol('x')], [() => 'x']])('refuses %p', (data) => {
  expect(() => prepare(data, '')).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED_BODY' }));
});
