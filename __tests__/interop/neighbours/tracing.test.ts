/** OpenTelemetry's HTTP instrumentation, which adds traceparent below axios, in a process of its own as it needs. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { aliasesFor } from '../../stand-ins/compiled-programs.js';
import { describeRequest, temporary } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

// Beside its source, from where it finds the packages that it needs.
const program = join(__dirname, 'node_modules', 'traced-client.cjs');

beforeAll(() =>
  build({
    entryPoints: [join(__dirname, 'traced-client.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    packages: 'external',
    alias: aliasesFor('node'),
  }),
);
afterAll(() => {
  rmSync(program, { force: true });
});

describe('@opentelemetry/instrumentation-http', () => {
  it('adds a traceparent that is not signed, also by `*`, and replaces one that is', async () => {
    await withServer({}, async (origin, server) => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, origin]);
      expect(stderr).toBe('');
      expect(listVerdicts(server)).toStrictEqual([...Array<string>(4).fill('accepted'), 'SignatureDoesNotMatch']);
      for (const request of server.requests.slice(0, 4)) {
        expect(describeRequest(request).header('traceparent')).toStrictEqual([
          expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        ]);
        expect(describeRequest(request).header('authorization')[0]).not.toContain('traceparent');
      }
      const traceIds = server.requests.map((request) =>
        describeRequest(request).header('traceparent')[0]?.slice(3, 35),
      );
      for (const traceId of traceIds) expect(stdout).toContain(`traceId: '${traceId ?? ''}'`);
      for (const secret of [temporary.secretAccessKey, temporary.sessionToken, 'AWS4-HMAC-SHA256']) {
        expect(stdout).not.toContain(secret);
      }
    });
    recordNeighbour(
      '@opentelemetry/instrumentation-http',
      'its traceparent is sent, unsigned, also with signedHeaders: [*]',
    );
  });
});
