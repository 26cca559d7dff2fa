/** The default credentials: the AWS SDK's own provider chain in Node, none elsewhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { aws4Interceptor, CredentialsError } from '../lib/index.js';
import { platform } from '#platform';

const environment = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'default-credentials-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  // Nothing of this machine's may be found, and nothing is asked over the network.
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

async function sign() {
  const client = axios.create({
    adapter: (config) => Promise.resolve({ data: null, status: 200, statusText: 'OK', headers: {}, config }),
  });
  client.interceptors.request.use(aws4Interceptor({ region: 'eu-west-1', service: 's3' }));
  const { config } = await client.get('https://b.s3.eu-west-1.amazonaws.com/');
  return config.headers;
}

if (platform.name === 'node') {
  it('come from the environment', async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIDENVIRONMENT',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    });
    const headers = await sign();
    expect(headers.get('Authorization')).toContain('Credential=AKIDENVIRONMENT/');
    expect(headers.get('X-Amz-Security-Token')).toBe('token');
  });

  it('come from a profile of the shared credentials file', async () => {
    writeFileSync(
      join(folder, 'credentials'),
      '[other]\naws_access_key_id = AKIDFILE\naws_secret_access_key = secret\n',
    );
    process.env['AWS_PROFILE'] = 'other';
    expect((await sign()).get('Authorization')).toContain('Credential=AKIDFILE/');
  });

  it('that are nowhere are a CredentialsError, and looked for again next time', async () => {
    const error: unknown = await sign().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error).toMatchObject({ cause: { name: 'CredentialsProviderError' } });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDLATER', AWS_SECRET_ACCESS_KEY: 'secret' });
    expect((await sign()).get('Authorization')).toContain('Credential=AKIDLATER/');
  });
} else {
  it('are none, and the error says to pass some', async () => {
    await expect(sign()).rejects.toMatchObject({
      code: 'ERR_CREDENTIALS',
      message: expect.stringMatching(/^credentials: .*passed/) as string,
    });
  });
}
