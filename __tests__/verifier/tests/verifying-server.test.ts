/** The verifying server: its answers to what the verifier says. */
import type { RawRequest } from '../src/raw-request.js';
import type { RawResponse } from '../src/raw-server.js';
import type { Verdict } from '../src/verify-signature.js';
import { verifyingServer, type VerifyingServerOptions } from '../src/verifying-server.js';
import { exchange, lines, send } from './connections.js';
import { matching, containing } from './matchers.js';
import { codeOf, SIGNED_AT, AMZ_DATE, BODY, RULES, VALID, replaceHeader, minutesAfter } from './signed-requests.js';

describe('the verifying server', () => {
  const withServer = async (
    options: Partial<VerifyingServerOptions>,
    use: (server: ReturnType<typeof verifyingServer>, port: number) => Promise<void>,
  ): Promise<void> => {
    const server = verifyingServer({ ...RULES, clock: () => SIGNED_AT, ...options });
    const { port } = await server.start();
    try {
      await use(server, port);
    } finally {
      await server.close();
    }
  };

  const toHttp = (request: RawRequest): string => {
    const headers = [...request.headers, ['Content-Length', String(request.body.length)], ['Connection', 'close']];
    const headerLines = headers.map(([name = '', value = '']) => `${name}: ${value}`);
    return lines(`${request.method} ${request.target} HTTP/1.1`, ...headerLines, '', request.body.toString('latin1'));
  };

  const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

  it('answers 200 with what it has seen', async () => {
    await withServer({}, async (server, port) => {
      const answer = await exchange(port, toHttp(VALID));
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answer).toContain('\r\nDate: Sun, 22 Nov 2026 15:04:05 GMT\r\n');
      expect(JSON.parse(bodyOf(answer))).toMatchObject({
        method: 'POST',
        target: VALID.target,
        headers: containing(['X-AMZ-Date', AMZ_DATE]),
        scheme: 'http',
        bodyBase64: Buffer.from(BODY).toString('base64'),
        canonicalRequest: matching(/^POST\n/),
      });
      expect(server.verifications).toMatchObject([{ request: { method: 'POST' }, verdict: { ok: true } }]);
      expect(server.verifications[0]?.request).toBe(server.requests[0]);
    });
  });

  it('answers 403 with the error document of S3', async () => {
    await withServer({}, async (server, port) => {
      const answer = await exchange(port, toHttp(replaceHeader(VALID, 'content-type', () => 'a<b>&\xc3\xa9')));
      expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\nContent-Type: application\/xml\r\n/);
      const document = Buffer.from(bodyOf(answer), 'latin1').toString('utf8');
      expect(document).toMatch(
        /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>SignatureDoesNotMatch<\/Code><Message>/,
      );
      expect(document).toContain('<CanonicalRequest>POST\n/prod/items%2520of/x\n');
      expect(document).toContain('\ncontent-type:a&lt;b&gt;&amp;é\n');
      expect(document).toMatch(/<StringToSign>AWS4-HMAC-SHA256\n20261122T150405Z\n[^<]*[0-9a-f]{64}<\/StringToSign>/);
      expect(document).toContain('<CanonicalRequestBytes>50 4f 53 54 0a');
      expect(server.verifications.map(({ verdict }) => codeOf(verdict))).toEqual(['SignatureDoesNotMatch']);
    });
  });

  it('goes by its clock', async () => {
    let clock = minutesAfter(20);
    await withServer({ clock: () => clock }, async (server, port) => {
      const answer = await exchange(port, toHttp(VALID));
      expect(answer).toContain('\r\nDate: Sun, 22 Nov 2026 15:24:05 GMT\r\n');
      expect(answer).toContain('<Code>RequestTimeTooSkewed</Code>');
      expect(answer).toContain('<ServerTime>2026-11-22T15:24:05.000Z</ServerTime>');
      clock = SIGNED_AT;
      await exchange(port, toHttp(VALID));
      expect(server.verifications.map(({ verdict }) => codeOf(verdict))).toEqual(['RequestTimeTooSkewed', 'ok']);
    });
  });

  it('answers 403 whatever the code', async () => {
    await withServer({}, async (_server, port) => {
      const answer = await exchange(port, toHttp({ ...VALID, body: Buffer.from('x') }));
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toMatch(/<Error><Code>XAmzContentSHA256Mismatch<\/Code><Message>[^<]+<\/Message><StringToSign>/);
    });
  });

  it("goes by the system's clock where it has no other", async () => {
    const server = verifyingServer(RULES);
    const { port } = await server.start();
    const answer = await exchange(port, toHttp(VALID));
    await server.close();
    const [, date = ''] = /\r\nDate: ([^\r]+)\r\n/.exec(answer) ?? [];
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(60_000);
  });

  it('serves over TLS', async () => {
    await withServer({ tls: { pskCallback: () => null } }, async (server, port) => {
      await exchange(port, toHttp(VALID)).catch(() => undefined);
      expect(server.requests).toEqual([]);
      expect(server.failures).toHaveLength(1);
    });
  });

  it("answers with S3's own statuses where asked", async () => {
    await withServer({ statuses: 'as-s3' }, async (_server, port) => {
      expect(await exchange(port, toHttp({ ...VALID, body: Buffer.from('x') }))).toMatch(/^HTTP\/1\.1 400 /);
      expect(await exchange(port, toHttp({ ...VALID, method: 'PUT' }))).toMatch(/^HTTP\/1\.1 403 /);
    });
  });

  it('lets the test answer instead', async () => {
    const respond = (_request: RawRequest, verdict: Verdict): RawResponse | undefined =>
      verdict.ok ? { status: 302, headers: { Location: '/x' } } : undefined;
    await withServer({ respond }, async (_server, port) => {
      expect(await exchange(port, toHttp(VALID))).toMatch(/^HTTP\/1\.1 302 Found\r\nLocation: \/x\r\n/);
      expect(await exchange(port, toHttp({ ...VALID, method: 'PUT' }))).toMatch(/^HTTP\/1\.1 403 /);
    });
  });

  it('refuses HEAD without a body', async () => {
    await withServer({}, async (_server, port) => {
      expect(await send(port, { method: 'HEAD' })).toMatchObject({ status: 403, body: '' });
    });
  });
});
