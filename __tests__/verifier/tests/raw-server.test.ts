/** The raw server: what it sees of a request's bytes, and what it refuses. */
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { createRawServer, type RawResponse, type RawServer, type RawServerAddress } from '../src/raw-server.js';
import { exchange, exchangeSlowly, nextBytes, lines, send } from './connections.js';
import { toBytes } from './signed-requests.js';

describe('the raw server', () => {
  let server: RawServer;
  let address: RawServerAddress;
  let respond: (target: string) => RawResponse | Promise<RawResponse>;

  beforeEach(async () => {
    respond = (target) => ({ status: 200, body: `seen ${target}` });
    server = createRawServer((request) => respond(request.target));
    address = await server.start();
  });

  afterEach(async () => {
    await server.close();
  });

  it('sees the bytes of target, headers and body', async () => {
    const head = lines(
      'PoST /a/../b//%7e?x=+&&\xc3\xa9 y HTTP/1.1',
      'hOsT:h',
      'X-Two: \t one\t two  ',
      'x-two:\xe9\xff',
      'X-Two:',
      'Content-LENGTH: 4',
      'Connection: close',
      '',
      '',
    );
    await exchange(address.port, `${head}\xff\0\r\n`);
    expect(server.requests).toEqual([
      {
        method: 'PoST',
        target: '/a/../b//%7e?x=+&&\xc3\xa9 y',
        headers: [
          ['hOsT', 'h'],
          ['X-Two', 'one\t two'],
          ['x-two', '\xe9\xff'],
          ['X-Two', ''],
          ['Content-LENGTH', '4'],
          ['Connection', 'close'],
        ],
        body: toBytes('\xff\0\r\n'),
        scheme: 'http',
        httpVersion: '1.1',
        head: toBytes(head),
        trailers: [],
        connection: 1,
      },
    ]);
    expect(server.failures).toEqual([]);
  });

  it('puts together a request that arrives byte by byte', async () => {
    const text = lines('PUT /x HTTP/1.0', 'Host: h', 'Content-Length: 3', '', 'abc');
    const answer = exchangeSlowly(address.port, text);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nseen \/x$/);
    expect(server.requests[0]?.body.toString()).toBe('abc');
  });

  it('undoes chunked transfer coding, keeps trailers and goes on with the next request', async () => {
    const chunked = lines('5;x=y', 'hel\r\n', 'A', '0123456789', '0', 'X-Trail: t', '', '');
    const first = lines('POST /1 HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', chunked);
    const second = lines('GET /2 HTTP/1.1', 'Host: h', 'Connection: close', '', '');
    const answer = await exchange(address.port, first + second);
    expect(answer.match(/seen \/\d/g)).toEqual(['seen /1', 'seen /2']);
    expect(server.requests.map(({ body, trailers, connection }) => [body.toString(), trailers, connection])).toEqual([
      ['hel\r\n0123456789', [['X-Trail', 't']], 1],
      ['', [], 1],
    ]);
  });

  it('keeps connections alive, also after HEAD, 204 and empty answers', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    respond = (target) =>
      target === '/204' ? { status: 204 } : { status: 200, body: target === '/empty' ? '' : 'body' };
    const answers = [
      await send(address.port, { agent }),
      await send(address.port, { agent, method: 'HEAD' }),
      await send(address.port, { agent, path: '/204' }),
      await send(address.port, { agent, path: '/empty', method: 'DELETE' }),
      await send(address.port, { agent, method: 'POST', body: 'x'.repeat(3_000_000) }),
    ];
    agent.destroy();
    expect(
      answers.map(({ status, body, headers, reusedSocket }) => [status, body, headers['content-length'], reusedSocket]),
    ).toEqual([
      [200, 'body', '4', false],
      [200, '', '4', true],
      [204, '', undefined, true],
      [200, '', '0', true],
      [200, 'body', '4', true],
    ]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1]);
    expect(server.requests[4]?.body).toHaveLength(3_000_000);
  });

  it('answers Expect: 100-continue before the body is sent', async () => {
    const socket = connect(address.port, '127.0.0.1');
    const headers = ['Host: h', 'Content-Length: 2', 'Expect: 100-continue', 'Connection: close'];
    socket.write(lines('PUT / HTTP/1.1', ...headers, '', ''));
    expect(await nextBytes(socket)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(server.requests).toEqual([]);
    socket.write('ok');
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.destroy();
  });

  it('serves several connections at once', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    respond = async (target) => {
      if (target === '/slow') {
        await held;
      } else if (server.requests.length === 21) {
        release();
      }
      return { status: 200, body: target };
    };
    const slow = send(address.port, { path: '/slow' });
    while (server.requests.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const targets = Array.from({ length: 20 }, (_, index) => `/${String(index)}`);
    const answers = await Promise.all(targets.map((path) => send(address.port, { path, agent: new Agent() })));
    expect(answers.map(({ body }) => body)).toEqual(targets);
    expect((await slow).body).toBe('/slow');
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(21);
  });

  it('sends the headers it is told to, several lines included', async () => {
    respond = () => ({ status: 307, headers: { location: '/b', 'Set-Cookie': ['a=1', 'b=2'], date: 'x' } });
    const answer = await send(address.port);
    expect(answer).toMatchObject({ status: 307, headers: { location: '/b', 'set-cookie': ['a=1', 'b=2'], date: 'x' } });
  });

  it('closes the connection when the answer says so', async () => {
    respond = () => ({ status: 200, headers: { Connection: 'close' } });
    expect(await exchange(address.port, lines('GET / HTTP/1.1', 'Host: h', '', ''))).toContain('Connection: close\r\n');
  });

  it('answers 500 where the handler throws', async () => {
    respond = () => {
      throw new Error('no answer');
    };
    expect(await send(address.port)).toMatchObject({ status: 500, body: 'no answer' });
    expect(server.failures).toEqual(['no answer']);
  });

  it.each([
    ['a bare newline', 'GET / HTTP/1.1\nHost: h\n\r\n\r\n'],
    ['a folded header', lines('GET / HTTP/1.1', 'Host: h', 'X: a', ' b', '', '')],
    ['a space before the colon', lines('GET / HTTP/1.1', 'Host : h', '', '')],
    ['a zero byte', lines('GET / HTTP/1.1', 'Host: h\0', '', '')],
    ['two Host headers', lines('GET / HTTP/1.1', 'Host: h', 'host: h', '', '')],
    ['no Host header', lines('GET / HTTP/1.1', '', '')],
    ['no target', lines('GET HTTP/1.1', 'Host: h', '', '')],
    ['HTTP/2 in words', lines('PRI * HTTP/2.0', '', '')],
    ['two lengths', lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: 1', 'Content-Length: 1', '', 'a')],
    ['a length that is none', lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: +1', '', 'a')],
    [
      'a length and chunks',
      lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: 1', 'Transfer-Encoding: chunked', '', ''),
    ],
    [
      'a chunk longer than it says',
      lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', '1', 'ab', ''),
    ],
    ['a length with a rest', lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: 1x', '', 'a')],
    ['a chunk size with a rest', lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', '1g', 'a', '')],
    ['a chunk of no size', lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', 'x', '')],
  ])('refuses %s with 400', async (_name, bytes) => {
    expect(await exchange(address.port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.requests).toEqual([]);
    expect(server.failures).toHaveLength(1);
  });

  it('ignores empty lines before a request', async () => {
    const request = lines('', '', 'GET / HTTP/1.1', 'Host: h', 'Connection: close', '', '');
    expect(await exchange(address.port, request)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('serves HTTP/1.0 without a Host, and closes the connection', async () => {
    expect(await exchange(address.port, lines('GET / HTTP/1.0', '', ''))).toMatch(/^HTTP\/1\.1 200 /);
    expect(server.requests).toMatchObject([{ httpVersion: '1.0', headers: [] }]);
  });

  it('sends no 100 Continue where there is no body to wait for', async () => {
    const headers = ['Host: h', 'Expect: 100-continue', 'Connection: close'];
    expect(await exchange(address.port, lines('GET / HTTP/1.1', ...headers, '', ''))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers Expect: 100-continue for chunks too', async () => {
    const headers = ['Host: h', 'Expect: 100-continue', 'Transfer-Encoding: chunked', 'Connection: x, close'];
    const chunks = ['10 ', 'x'.repeat(16), '0', '', ''];
    const answer = await exchange(address.port, lines('PUT / HTTP/1.1', ...headers, '', ...chunks));
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(server.requests[0]?.body).toHaveLength(16);
  });

  it('says what it refused', async () => {
    await exchange(address.port, lines('GET / HTTP/1.1', 'Host: h', ' folded: x', '', ''));
    await exchange(address.port, lines('GET / HTTP/1.12', 'Host: h', '', ''));
    expect(server.failures).toEqual([
      'This is not a header line: " folded: x"',
      'This is not a request line: "GET / HTTP/1.12"',
    ]);
  });

  it('refuses a line without end with 431', async () => {
    const socket = connect(address.port, '127.0.0.1');
    socket.on('error', () => undefined).write(`GET /${'x'.repeat(1_100_000)}`);
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 431 /);
    socket.destroy();
  });

  it('refuses a line that the end of the connection cuts short', async () => {
    const socket = connect(address.port, '127.0.0.1');
    socket.end('GET / HT');
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.failures).toEqual(['The connection ended within a line']);
  });

  it('sends 304 without a length', async () => {
    respond = () => ({ status: 304, body: 'not sent' });
    const answer = await send(address.port);
    expect(answer).toMatchObject({ status: 304, body: '' });
    expect(answer.headers).not.toHaveProperty('content-length');
  });

  it('refuses transfer codings that it does not know with 501', async () => {
    const request = lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: gzip, chunked', '', '');
    expect(await exchange(address.port, request)).toMatch(/^HTTP\/1\.1 501 /);
  });

  it('tells of a body cut short, and of nothing where a connection ends between requests', async () => {
    const socket = connect(address.port, '127.0.0.1');
    socket.end(lines('PUT / HTTP/1.1', 'Host: h', 'Content-Length: 9', '', 'abc'));
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 400 /);
    const idle = connect(address.port, '127.0.0.1');
    idle.end(lines('GET / HTTP/1.1', 'Host: h', '', ''));
    expect(await nextBytes(idle)).toMatch(/^HTTP\/1\.1 200 /);
    expect(server.failures).toEqual(['The connection ended 6 bytes before the end of the body']);
  });

  it('closes while connections are idle or in the middle of a request', async () => {
    const idle = connect(address.port, '127.0.0.1');
    const halfway = connect(address.port, '127.0.0.1');
    const ended = [idle, halfway].map(
      async (socket) =>
        new Promise<void>((resolve) => {
          socket
            .on('error', () => undefined)
            .on('close', () => {
              resolve();
            })
            .resume();
        }),
    );
    halfway.write('GET / HTTP/1.1\r\n');
    await send(address.port);
    await server.close();
    await Promise.all(ended);
    await expect(send(address.port)).rejects.toThrow('ECONNREFUSED');
    server = createRawServer(() => ({ status: 200 }));
    address = await server.start();
  });
});
