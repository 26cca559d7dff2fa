/** What the tests of each neighbour share: a server that verifies every request, and the note of what was shown. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerifyingServer, VerifyingServerOptions } from 'strict-sigv4-verifier';
import { recordCompatibility } from '../../compatibility.js';
import { createServer } from '../../stand-ins/test-server.js';

/** Runs a test against a server of its own, which must have read every request. */
export async function withServer(
  options: Partial<VerifyingServerOptions>,
  test: (origin: string, server: VerifyingServer) => Promise<void>,
): Promise<void> {
  const server = createServer(options);
  const { origin } = await server.start();
  try {
    await test(origin, server);
    expect(server.failures).toStrictEqual([]);
  } finally {
    await server.close();
  }
}

/** What the verifier said of each request, in order of arrival. */
export function listVerdicts({ verifications }: VerifyingServer): readonly string[] {
  return verifications.map(({ verdict }) => (verdict.ok ? 'accepted' : verdict.code));
}

/** Notes that a neighbour works beside this package; to be called once its test has shown that. */
export function recordNeighbour(name: string, shown: string): void {
  recordCompatibility({ section: 'neighbours', name, version: readVersion(name), shown });
}

function readVersion(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, 'node_modules', name, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`${name} has no version`);
}
