/** Bodies and answers where the runtime has not what browsers have: React Native, jsdom, happy-dom. */
import { AxiosHeaders } from 'axios';
import { encodeForm } from '../../lib/request/form-data.js';
import { isBlob, isFormData } from '../../lib/request/body-kinds.js';
import { hashInSlices } from '../../lib/request/body-hash.js';
import { readRefusal } from '../../lib/sending/server-refusal.js';
import { Limits } from '../../lib/sending/cancellation.js';
import { withGlobals, withoutGlobals } from '../stand-ins/missing-globals.js';

/** React Native's own FormData, of which native code reads the parts. */
class NativeFormData {
  readonly #parts: (readonly [name: string, value: unknown])[] = [];

  append(name: string, value: unknown): void {
    this.#parts.push([name, value]);
  }

  getParts(): readonly object[] {
    return this.#parts.map(([name, value]) =>
      typeof value === 'object'
        ? { ...value, headers: {}, fieldName: name }
        : { string: String(value as string | number), fieldName: name },
    );
  }
}

/** A Blob of a class that has no tag of its own, and can be sliced and read. */
class UntaggedBlob {
  readonly #blob: Blob;

  constructor(parts: BlobPart[]) {
    this.#blob = new Blob(parts);
  }

  get size(): number {
    return this.#blob.size;
  }

  readonly type = '';

  slice(start: number, end: number): Blob {
    return this.#blob.slice(start, end);
  }
}

const toNativeForm = (...entries: readonly (readonly [string, unknown])[]): FormData => {
  const form = new NativeFormData();
  for (const [name, value] of entries) form.append(name, value);
  return form as unknown as FormData;
};

it('knows a FormData and a Blob by their classes, where these have no tags', async () => {
  const blob = new UntaggedBlob(['a']);
  expect([isFormData(toNativeForm()), isBlob(blob)]).toStrictEqual([false, false]);
  await withGlobals({ FormData: NativeFormData, Blob: UntaggedBlob }, async () => {
    expect([isFormData(toNativeForm()), isBlob(blob)]).toStrictEqual([true, true]);
    expect([isFormData({}), isBlob({}), isBlob(null), isFormData(undefined)]).toStrictEqual(Array(4).fill(false));
    expect(await hashInSlices(blob as unknown as Blob)).toBe(
      'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    );
  });
});

it("encodes the texts of React Native's own FormData", async () => {
  const { bytes, contentType } = await encodeForm(toNativeForm(['a', 'ü\n'], ['"b"', 5]));
  const boundary = contentType.slice('multipart/form-data; boundary='.length);
  expect(Buffer.from(bytes).toString()).toBe(
    `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\nü\r\n\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="%22b%22"\r\n\r\n5\r\n--${boundary}--\r\n`,
  );
});

it('refuses a file that only native code can read, and says what to do', async () => {
  const form = toNativeForm(['a', 'b'], ['file', { uri: 'file:///secret/photo.jpg', type: 'image/jpeg' }]);
  const refusal = encodeForm(form);
  await expect(refusal).rejects.toMatchObject({
    code: 'ERR_UNSUPPORTED_BODY',
    message: expect.stringMatching(/^data: .*\{ uri \} files.*send the bytes/),
  });
  await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('photo') });
});

describe('without randomness', () => {
  const encode = (form: FormData) => withoutGlobals(['crypto'], () => encodeForm(form));
  const createForm = (text: string, file: string): FormData => {
    const form = new FormData();
    form.append('text', text);
    form.append('file', new Blob([file]));
    return form;
  };

  it('has a boundary that all parts decide on, so that none can contain it', async () => {
    const forms = [createForm('a', 'b'), createForm('a', 'c'), createForm('b', 'b'), createForm('a', 'b')];
    const types: string[] = [];
    for (const form of forms) types.push((await encode(form)).contentType);
    expect(new Set(types).size).toBe(3);
    expect(types[3]).toBe(types[0]);
    const inText = await encode(createForm(String(types[0]).split('boundary=')[1] ?? '', 'b'));
    expect(types).not.toContain(inText.contentType);
  });
});

it('reads a refusal in bytes without a TextDecoder', async () => {
  const text = '<Error><Code>ExpiredToken</Code><Message>No.</Message></Error>';
  const bytes = new TextEncoder().encode(text);
  for (const data of [bytes, bytes.buffer, new Blob([bytes])]) {
    const answer = { status: 403, statusText: '', headers: {}, data, config: { headers: new AxiosHeaders() } };
    const refusal = await withoutGlobals(['TextDecoder'], () => readRefusal(answer, 's3'));
    expect(refusal).toMatchObject({ code: 'ExpiredToken', message: 'No.' });
  }
});

it("says of a Blob that React Native's FileReader cannot read what to do", async () => {
  class OldFileReader {
    readAsArrayBuffer(): never {
      throw new Error('FileReader.readAsArrayBuffer is not implemented');
    }
  }
  const blob = Object.assign(new UntaggedBlob(['a']), { slice: () => ({ size: 1 }) });
  await withGlobals({ Blob: UntaggedBlob, FileReader: OldFileReader }, async () => {
    await expect(hashInSlices(blob as unknown as Blob)).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED_BODY',
      message: expect.stringContaining('pass its bytes'),
    });
  });
});

it('measures a timeout without `performance`', async () => {
  const config = { headers: new AxiosHeaders(), timeout: 60_000 };
  const left = await withoutGlobals(['performance'], () => {
    const limits = new Limits(config);
    return Promise.resolve({ ...config, ...limits.readTimeLeft() }.timeout);
  });
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(60_000);
});
