/** Every kind of body that axios takes, stored and read back. */
import { Readable } from 'node:stream';
import type { AxiosRequestConfig } from 'axios';
import { bytesOf, createS3Client } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

interface BodyCase {
  readonly name: string;
  /** Made for each request: a stream is read once. */
  readonly make: () => unknown;
  readonly stored: string | Uint8Array;
  readonly contentType?: string;
  readonly config?: () => AxiosRequestConfig;
}

const allBytes = Uint8Array.from({ length: 256 }, (_, value) => value);
const large = Buffer.alloc(6 * 1024 * 1024 + 1, 'the body ');
const chunks = ['one, ', 'two, ', 'three ünd 😀'];
const joined = chunks.join('');
const unsigned = (length: number) => (): AxiosRequestConfig => ({
  aws4: { payload: 'unsigned' },
  headers: { 'Content-Length': String(length), 'Content-Type': 'text/plain' },
});

const bodies: readonly BodyCase[] = [
  { name: 'text', make: () => 'some text', stored: 'some text' },
  { name: 'text beyond ASCII', make: () => 'Grüße 日本 😀', stored: 'Grüße 日本 😀' },
  {
    name: 'text in Latin-1',
    make: () => 'Grüße',
    stored: Buffer.from('Grüße', 'latin1'),
    config: () => ({ headers: { 'Content-Type': 'text/plain; charset=iso-8859-1' } }),
  },
  { name: 'text with line breaks and space around', make: () => ' \r\n a \n\n', stored: ' \r\n a \n\n' },
  { name: 'empty text', make: () => '', stored: '' },
  { name: 'no body', make: () => undefined, stored: '' },
  { name: 'a Buffer', make: () => Buffer.from(allBytes), stored: allBytes },
  { name: 'an empty Buffer', make: () => Buffer.alloc(0), stored: '' },
  { name: 'a part of a Uint8Array', make: () => allBytes.subarray(10, 20), stored: allBytes.slice(10, 20) },
  { name: 'an ArrayBuffer', make: () => Uint8Array.from(allBytes).buffer, stored: allBytes },
  { name: 'a Buffer of more than 6 MiB', make: () => large, stored: large },
  { name: 'a Blob', make: () => new Blob([allBytes], { type: 'image/x-test' }), stored: allBytes },
  { name: 'a File', make: () => new File([allBytes], 'ü.bin', { type: 'image/x-test' }), stored: allBytes },
  {
    name: 'an object',
    make: () => ({ name: 'Grüße', list: [1, null] }),
    stored: '{"name":"Grüße","list":[1,null]}',
    contentType: 'application/json',
  },
  {
    name: 'URLSearchParams',
    make: () => new URLSearchParams({ 'a b': 'c+d', é: '~*' }),
    stored: 'a+b=c%2Bd&%C3%A9=%7E*',
  },
  { name: 'a stream of Node', make: () => Readable.from(chunks.map((chunk) => Buffer.from(chunk))), stored: joined },
  { name: 'a stream of the web', make: () => new Blob(chunks).stream(), stored: joined },
  {
    name: 'text, unsigned',
    make: () => joined,
    stored: joined,
    config: () => ({ aws4: { payload: 'unsigned' } }),
  },
  {
    name: 'a stream of Node, unsigned',
    make: () => Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
    stored: joined,
    config: unsigned(Buffer.byteLength(joined)),
  },
];

export const bodyCases: readonly StoreCase[] = [
  ...bodies.map((body) => ({
    name: `body: ${body.name}`,
    run: (surroundings: Surroundings) => checkBody(surroundings, body),
  })),
  { name: 'body: FormData', run: checkFormData },
  { name: 'body: a stream beyond maxStreamBytes', run: checkLongStream },
];

async function checkBody({ client, bucket }: Surroundings, body: BodyCase): Promise<void> {
  const path = `/${bucket}/body`;
  await client.put(path, body.make(), body.config?.());
  const response = await client.get(path);
  expect(bytesOf(response).equals(Buffer.from(body.stored))).toBe(true);
  if (body.contentType !== undefined) expect(response.headers['content-type']).toBe(body.contentType);
}

async function checkFormData({ client, bucket }: Surroundings): Promise<void> {
  const form = new FormData();
  form.set('naïve "name"', 'Grüße\r\n');
  form.set('file', new File([allBytes], 'ü "1".bin', { type: 'image/x-test' }));
  const path = `/${bucket}/form`;
  await client.put(path, form);
  const response = await client.get(path);
  const contentType = String(response.headers['content-type']);
  const stored = await new Response(Uint8Array.from(bytesOf(response)), {
    headers: { 'Content-Type': contentType },
  }).formData();
  expect(stored.get('naïve "name"')).toBe('Grüße\r\n');
  const file = stored.get('file');
  if (!(file instanceof File)) throw new Error('There is no file in the form');
  expect([file.name, file.type]).toStrictEqual(['ü "1".bin', 'image/x-test']);
  expect(Buffer.from(await file.arrayBuffer()).equals(allBytes)).toBe(true);
}

async function checkLongStream({ server, bucket }: Surroundings): Promise<void> {
  const client = createS3Client(server, { maxStreamBytes: 10 });
  const path = `/${bucket}/stream`;
  await client.put(path, Readable.from([Buffer.alloc(10)]));
  const sending = client.put(path, Readable.from([Buffer.alloc(10), Buffer.alloc(1)]));
  await expect(sending).rejects.toMatchObject({ code: 'ERR_BODY_TOO_LARGE' });
  expect(bytesOf(await client.get(path))).toStrictEqual(Buffer.alloc(10));
}
