/** The surroundings of the demo: an S3 server on loopback, and its credentials where the AWS SDK looks for them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// It has an install of its own, beside its tests.
const S3rver = createRequire(new URL('../__tests__/interop/s3rver/', import.meta.url))('@20minutes/s3rver');

// The one key pair that s3rver knows. It takes any session token, but its verification covers the token's header.
const SESSION_TOKEN = 'a-session-token';
const CREDENTIALS_FILE = `[demo]
aws_access_key_id = S3RVER
aws_secret_access_key = S3RVER
aws_session_token = ${SESSION_TOKEN}
`;

/** Starts the server on a free port, and puts credentials for it into this process's environment. */
export async function openSandbox() {
  const folder = createFolder();
  pointAwsSdkAt(folder);
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: join(folder, 'buckets') });
  const { port } = await server.run();
  const close = async () => {
    server.httpServer.closeAllConnections();
    await server.close();
  };
  return { baseURL: `http://127.0.0.1:${port}`, sessionToken: SESSION_TOKEN, close };
}

/** Makes a temporary folder that goes with the process, however that ends. */
function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'axios-aws4auth-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // By default these end a process without the event 'exit'.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  mkdirSync(join(folder, 'buckets'));
  return folder;
}

/** Leaves the AWS SDK's provider chain nothing to find but the profile in this folder. */
function pointAwsSdkAt(folder) {
  const files = { credentials: join(folder, 'credentials'), config: join(folder, 'config') };
  writeFileSync(files.credentials, CREDENTIALS_FILE, { mode: 0o600 });
  writeFileSync(files.config, '');

  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_PROFILE: 'demo',
    AWS_SHARED_CREDENTIALS_FILE: files.credentials,
    AWS_CONFIG_FILE: files.config,
    // Not even at the end of the chain is the network asked for credentials.
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
