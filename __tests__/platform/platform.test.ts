/** What the platform gives, against node:crypto and the published vectors. */
import { createHash, createHmac } from 'node:crypto';
import timers from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { hashInSlices } from '../../lib/request/body-hash.js';
import { hashing, platform } from '#platform';

// Beyond the 64 bytes of a block, a key is hashed first.
const key = fc.oneof(fc.uint8Array({ maxLength: 130 }), fc.string({ unit: 'binary-ascii', maxLength: 130 }));
const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 300 }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary', minLength: 1300, maxLength: 1400 }),
);
const latin1 = fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)), maxLength: 300 });

it('hashes text as UTF-8, and bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const expected = createHash('sha256').update(text, 'utf8').digest('hex');
      expect(hashing.sha256Hex(text)).toBe(expected);
      expect(hashing.sha256Hex(new TextEncoder().encode(text))).toBe(expected);
    }),
  );
});

it('hashes text as Latin-1', () => {
  fc.assert(
    fc.property(latin1, (text) => {
      expect(hashing.sha256HexOfLatin1(text)).toBe(createHash('sha256').update(text, 'latin1').digest('hex'));
    }),
  );
});

it('hashes in pieces of text too, as UTF-8', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
      const hash = platform.createSha256();
      for (const piece of pieces) hash.update(piece);
      const bytes = pieces.map((piece) => Buffer.from(piece));
      expect(hash.digestHex()).toBe(createHash('sha256').update(Buffer.concat(bytes)).digest('hex'));
    }),
  );
});

it('hashes in pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (pieces) => {
      const hash = platform.createSha256();
      for (const piece of pieces) hash.update(piece);
      expect(hash.digestHex()).toBe(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'));
    }),
  );
});

it.each([
  ['Uint8Array', 'Uint8Array'],
  ['a class that extends it', 'class Bytes extends Uint8Array {}; Bytes'],
])('hashes bytes of another realm: %s', (_, code) => {
  const Bytes = runInNewContext(code) as Uint8ArrayConstructor;
  const bytes = Bytes.of(0, 1, 2, 3, 255).subarray(1, 4);
  const expected = createHash('sha256')
    .update(Uint8Array.of(1, 2, 3))
    .digest('hex');
  expect(hashing.sha256Hex(bytes)).toBe(expected);
  const hash = platform.createSha256();
  hash.update(bytes);
  expect(hash.digestHex()).toBe(expected);
  const key = Buffer.from(hashing.hmacSha256(bytes, 'text')).toString('hex');
  expect(key).toBe(
    createHmac('sha256', Uint8Array.of(1, 2, 3))
      .update('text')
      .digest('hex'),
  );
});

it('makes HMACs, one after the other under one key', () => {
  fc.assert(
    fc.property(key, text, text, (secret, first, second) => {
      const sign = hashing.createHmacSha256(secret);
      for (const message of [first, second, first]) {
        expect(sign(message)).toBe(createHmac('sha256', secret).update(message).digest('hex'));
      }
      expect(Buffer.from(hashing.hmacSha256(secret, first))).toStrictEqual(
        createHmac('sha256', secret).update(first).digest(),
      );
    }),
  );
});

it('makes the same HMACs where it is told that the text is ASCII', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 300 });
  fc.assert(
    fc.property(key, ascii, text, (secret, first, second) => {
      const sign = hashing.createHmacSha256(secret);
      const expected = createHmac('sha256', secret).update(first).digest('hex');
      expect([sign(first, true), sign(second), sign(first, true), sign(first)]).toStrictEqual([
        expected,
        createHmac('sha256', secret).update(second).digest('hex'),
        expected,
        expected,
      ]);
    }),
  );
});

// RFC 4231, section 4.3, test case 2.
it('makes the HMAC of RFC 4231', () => {
  expect(hashing.createHmacSha256(Buffer.from('Jefe'))('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

it('gives the event loop its turn, under fake timers too', async () => {
  jest.useFakeTimers();
  try {
    const turns: string[] = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      turns.push('other work');
      port1.close();
    };
    port2.postMessage(0);
    while (turns.length === 0) await platform.yieldToEventLoop();
    expect(turns).toStrictEqual(['other work']);
  } finally {
    jest.useRealTimers();
  }
});

// What fake timers put in their places would hang: sinon's replace the module's members too.
it('gives the event loop its turn where timers were replaced after it was loaded', async () => {
  const never = (): never => new Promise(() => undefined) as never;
  const replaced = [
    jest.spyOn(timers, 'setImmediate').mockImplementation(never),
    jest.spyOn(timers, 'setTimeout').mockImplementation(never),
    jest.spyOn(globalThis, 'setImmediate').mockImplementation(never),
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(never),
  ];
  try {
    await expect(platform.yieldToEventLoop()).resolves.toBeUndefined();
    await expect(hashInSlices('a'.repeat(300_000))).resolves.toHaveLength(64);
  } finally {
    for (const each of replaced) each.mockRestore();
  }
});

if (platform.name === 'default') {
  it('gives the event loop its turn where there is no MessageChannel', async () => {
    const { MessageChannel } = globalThis;
    Reflect.deleteProperty(globalThis, 'MessageChannel');
    try {
      const isolated: { platform?: typeof platform } = {};
      await jest.isolateModulesAsync(async () => {
        Object.assign(isolated, await import('../../lib/platform/platform.default.js'));
      });
      jest.useFakeTimers();
      await expect(isolated.platform?.yieldToEventLoop()).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
      Object.assign(globalThis, { MessageChannel });
    }
  });
}
