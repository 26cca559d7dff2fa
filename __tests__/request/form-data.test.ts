/** FormData, encoded in slices: against the platform's own encoder, and read back by its parser. */
import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { encodeForm } from '../../lib/request/form-data.js';
import { platform } from '#platform';

/** A form's bytes, each as one character, with a boundary that is always the same. */
const encode = async (form: FormData): Promise<string> => {
  const { bytes, contentType } = await encodeForm(form);
  return replaceBoundary(bytes, contentType);
};

const encodeByPlatform = async (form: FormData): Promise<string> => {
  const response = new Response(form);
  return replaceBoundary(await response.arrayBuffer(), String(response.headers.get('Content-Type')));
};

function replaceBoundary(bytes: Uint8Array | ArrayBuffer, contentType: string): string {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`No boundary in ${contentType}`);
  return Buffer.from(bytes as Uint8Array)
    .toString('latin1')
    .replaceAll(boundary, 'BOUNDARY');
}

const createForm = (
  ...entries: readonly (readonly [name: string, value: string | Blob, filename?: string])[]
): FormData => {
  const form = new FormData();
  for (const [name, value, filename] of entries) {
    if (typeof value === 'string') form.append(name, value);
    else if (filename === undefined) form.append(name, value);
    else form.append(name, value, filename);
  }
  return form;
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\r', '\n', '"', '%', 'a', 'ü', '💛', '\ud800') }),
);
const blob = fc
  .tuple(fc.uint8Array(), fc.constantFrom('', 'text/plain', 'image/png;x="y"'))
  .map(([bytes, type]) => new Blob([bytes], { type }));
// Of an empty filename, Node's encoder makes a field that is no file.
const filename = text.filter((name) => name !== '');

it('is what the platform itself makes of it, but for the boundary', async () => {
  const entry = fc.oneof(fc.tuple(text, text), fc.tuple(text, blob), fc.tuple(text, blob, filename));
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      const form = createForm(...entries);
      expect(await encode(form)).toBe(await encodeByPlatform(form));
    }),
  );
});

it('is read back by another parser', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  const { bytes: encoded, contentType } = await encodeForm(
    createForm(['plain', 'välue'], ['plain', 'again'], ['file', new Blob([bytes], { type: 'image/png' }), 'ü.png']),
  );
  const form = await new Response(encoded, { headers: { 'Content-Type': contentType } }).formData();
  expect(form.getAll('plain')).toStrictEqual(['välue', 'again']);
  const file = form.get('file') as File;
  expect(file).toMatchObject({ name: 'ü.png', type: 'image/png' });
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
});

// HTML, "multipart/form-data encoding algorithm".
it.each([
  ['a field', createForm(['a', 'b']), 'name="a"\r\n\r\nb'],
  [
    'line breaks of each kind',
    createForm(['a\rb\nc\r\nd', 'e\rf\ng\r\nh']),
    'name="a%0D%0Ab%0D%0Ac%0D%0Ad"\r\n\r\ne\r\nf\r\ng\r\nh',
  ],
  ['quotes in a name', createForm(['"a"', '"b"']), 'name="%22a%22"\r\n\r\n"b"'],
  [
    'a filename, whose line breaks stay what they are',
    createForm(['a', new Blob(['b']), '"\r\n.txt']),
    'name="a"; filename="%22%0D%0A.txt"\r\nContent-Type: application/octet-stream\r\n\r\nb',
  ],
  [
    'a filename that is empty',
    createForm(['a', new File(['b'], '', { type: 'text/plain' })]),
    'name="a"; filename=""\r\nContent-Type: text/plain\r\n\r\nb',
  ],
  [
    'a Blob without a filename',
    createForm(['a', new Blob(['b\n'])]),
    'name="a"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\nb\n',
  ],
])('has %s', async (_, form, part) => {
  expect(await encode(form)).toBe(`--BOUNDARY\r\nContent-Disposition: form-data; ${part}\r\n--BOUNDARY--\r\n`);
});

it.each([
  ['a CRLF', '\r\n'],
  ['a surrogate pair', '💛'],
])('is the same where a slice would cut %s in two', async (_, pair) => {
  const form = createForm(
    ['long', 'a'.repeat(2 ** 16 - 1) + pair + 'b'.repeat(2 ** 16)],
    ['file', new Blob(['c'.repeat(400_000)])],
  );
  expect(await encode(form)).toBe(await encodeByPlatform(form));
});

it.each([
  ['small fields', 20_000, (i: number) => ['field', `${'a'.repeat(i % 200)}\r${'ä'.repeat(100)}`] as const],
  ['small files', 500, (i: number) => ['file', new Blob(['b'.repeat(i)]), `${String(i)}.txt`] as const],
  ['fields and files', 500, (i: number) => ['a', i % 2 ? 'b' : new Blob(['c'])] as const],
  ['long fields', 20, (i: number) => ['a', 'b\n'.repeat(2 ** 15 + i)] as const],
])('of many %s is the same, and others have their turns', async (_, count, create) => {
  const form = createForm(...Array.from({ length: count }, (__, i) => create(i)));
  const turns = jest.spyOn(platform, 'yieldToEventLoop');
  const encoded = await encode(form);
  const taken = turns.mock.calls.length;
  turns.mockRestore();
  expect(encoded).toBe(await encodeByPlatform(form));
  // Twice: it is measured, and then written.
  expect(taken).toBeGreaterThanOrEqual((2 * encoded.length) / 2 ** 18);
  expect(taken).toBeGreaterThanOrEqual(Math.floor(count / 4096));
});

it('makes no piece of many small fields that is longer than two slices', async () => {
  const form = createForm(...Array.from({ length: 5000 }, (_, i) => [`field-${String(i)}`, 'a'.repeat(100)] as const));
  const sizes: number[] = [];
  const set = jest.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, source) {
    sizes.push(source.length);
    return undefined;
  });
  try {
    await encodeForm(form);
  } finally {
    set.mockRestore();
  }
  expect(Math.max(...sizes)).toBeLessThan(2 ** 17);
  expect(sizes.length).toBeLessThan(50);
});

it('has a new boundary each time', async () => {
  const form = createForm(['a', 'b']);
  const types = await Promise.all(Array.from({ length: 20 }, () => encodeForm(form)));
  expect(new Set(types.map(({ contentType }) => contentType)).size).toBe(20);
});

it('takes the FormData of another realm', async () => {
  const { window } = new JSDOM('');
  const form = new window.FormData();
  form.append('a', 'b');
  expect(await encode(form)).toBe(await encode(createForm(['a', 'b'])));
});

it('reads files that can be read by a FileReader only', async () => {
  const { window } = new JSDOM('');
  const form = new window.FormData();
  form.append('a', new window.File(['b'.repeat(300_000)], 'c.txt', { type: 'text/plain' }));
  Object.assign(globalThis, { FileReader: window.FileReader });
  try {
    expect(await encode(form)).toBe(
      await encode(createForm(['a', new File(['b'.repeat(300_000)], 'c.txt', { type: 'text/plain' })])),
    );
  } finally {
    Reflect.deleteProperty(globalThis, 'FileReader');
  }
});

describe('refuses', () => {
  const tagged = (members: object): FormData =>
    Object.assign(members, { [Symbol.toStringTag]: 'FormData' }) as unknown as FormData;
  const { window } = new JSDOM('');
  const unreadable = new window.FormData();
  unreadable.append('a', new window.Blob(['b']));
  it.each([
    ['what has no entries', tagged({})],
    ['entries that are neither text nor Blobs', tagged({ entries: () => [['a', 5]] })],
    ['a Blob that cannot be read', unreadable],
  ])('%s', async (_, form) => {
    await expect(encodeForm(form)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
  });

  it.each([-1, 1])('a file that is %p bytes longer than it said', async (more) => {
    const blob = new Blob(['abc']);
    const form = tagged({ entries: () => [['a', blob]] });
    const changed = new Blob(['abc'.repeat(3).slice(0, 3 + more)]);
    jest.spyOn(blob, 'slice').mockReturnValue(changed);
    await expect(encodeForm(form)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
  });
});
