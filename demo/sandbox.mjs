/** The surroundings of the demo: servers on loopback that verify signatures, and credentials where the AWS SDK looks. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
// It has an install of its own, beside its tests.
const S3rver = createRequire(new URL('__tests__/interop/s3rver/', root))('@20minutes/s3rver');

// The one key pair that s3rver knows. It takes any session token, but its verification covers the token's header.
const SESSION_TOKEN = 'a-session-token';
const CREDENTIALS_FILE = `[demo]
aws_access_key_id = S3RVER
aws_secret_access_key = S3RVER
aws_session_token = ${SESSION_TOKEN}
`;
export const REGION = 'eu-west-1';

/** Makes a temporary folder that goes with the process, however that ends. */
export function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'axios-aws4auth-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // By default these end a process without the event 'exit'.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  return folder;
}

/** Starts s3rver on a free port, and puts its address and credentials for it into this process's environment. */
export async function openStore(folder) {
  const directory = join(folder, 'buckets');
  mkdirSync(directory);
  pointAwsSdkAt(folder);
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory });
  const { port } = await server.run();
  process.env.S3_URL = `http://127.0.0.1:${port}`;
  const close = async () => {
    server.httpServer.closeAllConnections();
    await server.close();
  };
  return { sessionToken: SESSION_TOKEN, close };
}

/** Leaves the AWS SDK's provider chain nothing to find but the profile in this folder. */
function pointAwsSdkAt(folder) {
  const files = { credentials: join(folder, 'credentials'), config: join(folder, 'config') };
  writeFileSync(files.credentials, CREDENTIALS_FILE, { mode: 0o600 });
  writeFileSync(files.config, '');

  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_PROFILE: 'demo',
    AWS_SHARED_CREDENTIALS_FILE: files.credentials,
    AWS_CONFIG_FILE: files.config,
    // Not even at the end of the chain is the network asked for credentials.
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}

/**
 * Starts an API that takes a signature at its word, down to its date and token: the judge of the repository's tests,
 * which shares no code with the package. It redirects `/old`, and `/away` to a server that is elsewhere.
 */
export async function openApi(folder, secretFor) {
  const { createRawServer, verifyingServer } = await importVerifier(folder);
  const elsewhere = createRawServer(() => ({ status: 200 }));
  const { origin: away } = await elsewhere.start();
  const locations = { '/old': '/new', '/away': away };
  const rules = { region: REGION, service: 'execute-api', pathEncoding: 'double', normalizePath: true };
  const api = verifyingServer({
    ...rules,
    requireContentSha256: true,
    secretFor,
    respond: ({ target }, { ok }) =>
      ok && target in locations ? { status: 307, headers: { Location: locations[target] } } : undefined,
  });
  const { origin } = await api.start();
  const close = () => Promise.all([api.close(), elsewhere.close()]);
  return { origin, verifications: api.verifications, requestsElsewhere: elsewhere.requests, close };
}

async function importVerifier(folder) {
  const outfile = join(folder, 'verifier.mjs');
  const entry = fileURLToPath(new URL('__tests__/verifier/src/index.ts', root));
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' });
  return import(pathToFileURL(outfile).href);
}
