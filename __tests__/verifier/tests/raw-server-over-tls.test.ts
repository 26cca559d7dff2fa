/** The raw server over TLS, and spoken to without. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createRawServer } from '../src/raw-server.js';
import { exchange, nextBytes, lines } from './connections.js';

describe('the raw server over TLS', () => {
  it('serves https (here with a pre-shared key, which needs no certificate)', async () => {
    const psk = Buffer.from('a key that both sides know');
    const ciphers = 'PSK-AES128-GCM-SHA256';
    const server = createRawServer(({ scheme }) => ({ status: 200, body: scheme }), {
      tls: { ciphers, maxVersion: 'TLSv1.2', pskCallback: () => psk },
    });
    const { port, origin } = await server.start();
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      ciphers,
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk, identity: 'tests' }),
      checkServerIdentity: () => undefined,
    });
    socket.write(lines('GET / HTTP/1.1', 'Host: h', '', ''));
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhttps$/);
    expect(origin).toBe(`https://127.0.0.1:${String(port)}`);
    expect(server.requests.map(({ scheme }) => scheme)).toEqual(['https']);
    await server.close();
    socket.destroy();
  });
});

describe('the raw server over TLS, spoken to without', () => {
  it('keeps what went wrong, and closes', async () => {
    const server = createRawServer(() => ({ status: 200 }), { tls: { pskCallback: () => null } });
    const { port } = await server.start();
    await exchange(port, lines('GET / HTTP/1.1', 'Host: h', '', '')).catch(() => undefined);
    expect(server.failures).toHaveLength(1);
    const idle = connect(port, '127.0.0.1');
    idle.on('error', () => undefined);
    await new Promise((resolve) => idle.once('connect', resolve));
    await server.close();
    idle.destroy();
  });
});
