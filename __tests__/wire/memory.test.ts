/** Bytes in memory that others may change: shared between threads, or of a buffer that can be resized. */
import type { AxiosRequestConfig } from 'axios';
import { createClient, createServer } from '../stand-ins/test-server.js';
import { customAdapter } from './transport-servers.js';

const server = createServer({ allowUnsignedPayload: true });
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toStrictEqual([]);
});

const TEXT = '0123456789abcdef';
const fill = <Memory extends ArrayBufferLike>(memory: Memory): Memory => {
  new Uint8Array(memory).set(Buffer.from(TEXT));
  return memory;
};

const memories: readonly (readonly [name: string, create: () => ArrayBufferLike])[] = [
  ['shared memory', () => fill(new SharedArrayBuffer(16))],
  [
    'shared memory that can grow',
    () => fill(Reflect.construct(SharedArrayBuffer, [16, { maxByteLength: 64 }]) as SharedArrayBuffer),
  ],
  ['a buffer that can be resized', () => fill(new ArrayBuffer(16, { maxByteLength: 64 }))],
];

const views: readonly (readonly [name: string, create: (memory: ArrayBufferLike) => unknown, expected: string])[] = [
  ['a Uint8Array', (memory) => new Uint8Array(memory), TEXT],
  ['a part of it', (memory) => new Uint8Array(memory, 4, 4), '4567'],
  ['its end', (memory) => new Uint8Array(memory, 10), 'abcdef'],
  ['a Uint16Array', (memory) => new Uint16Array(memory, 2, 3), '234567'],
  ['a Float64Array', (memory) => new Float64Array(memory, 8), '89abcdef'],
  ['a DataView', (memory) => new DataView(memory, 1, 3), '123'],
  ['a Buffer', (memory) => Buffer.from(memory, 3, 5), '34567'],
  ['nothing of it', (memory) => new Uint8Array(memory, 16), ''],
];

const adapters = [
  ['http', 'http'],
  ['fetch', 'fetch'],
  ['a custom adapter', customAdapter],
] as const;

const uses: readonly (readonly [name: string, use: (data: unknown) => AxiosRequestConfig])[] = [
  ['as data', (data) => ({ data })],
  ['from a transform', (data) => ({ data: 'x', transformRequest: [() => data] })],
];

describe.each(adapters)('over %s', (_, adapter) => {
  describe.each(memories)('a body in %s', (_name, createMemory) => {
    it.each(views.flatMap((view) => uses.map((use) => [...view, ...use] as const)))(
      'is sent as it is, and once: %s, %s to %j, %s',
      async (_view, createView, expected, _use, use) => {
        for (const payload of ['signed', 'unsigned'] as const) {
          const client = createClient(origin, { payload }, { adapter });
          await client.request({ method: 'put', url: '/', ...use(createView(createMemory())) });
          expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
          expect(server.requests.at(-1)?.body.toString('latin1')).toBe(expected);
        }
      },
    );
  });

  it('is sent as it was, though another thread changes it while the credentials are awaited', async () => {
    const memory = fill(new SharedArrayBuffer(16));
    const credentials = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      new Uint8Array(memory).fill(0x78);
      return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    };
    await createClient(origin, { credentials }, { adapter }).put('/', new Uint8Array(memory));
    expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
    expect(server.requests.at(-1)?.body.toString()).toBe(TEXT);
  });
});
