/** Clients that were generated from an OpenAPI document: by orval here, by openapi-generator in a package of others. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Configuration, PermissionApi } from '@ory/keto-client';
import { aws4Interceptor } from '../../../lib/index.js';
import { createClient, credentials, describeRequest, scope } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';
import { instance } from './orval-mutator.js';

interface GeneratedClient {
  readonly getItems: () => {
    readonly getItem: (id: string, params?: { readonly tag?: readonly string[] }) => Promise<unknown>;
    readonly createItem: (item: { readonly name: string }) => Promise<unknown>;
  };
}

/** As orval's guide "Custom axios" has it: client 'axios', with a mutator that holds the instance. */
async function generateClient(folder: string): Promise<GeneratedClient> {
  const config = {
    items: {
      input: join(__dirname, 'openapi.json'),
      output: {
        target: join(folder, 'items.ts'),
        client: 'axios',
        override: { mutator: { path: join(__dirname, 'orval-mutator.ts'), name: 'signedInstance' } },
      },
    },
  };
  const configFile = join(folder, 'orval.config.cjs');
  writeFileSync(configFile, `module.exports = ${JSON.stringify(config)};`);
  const orval = join(__dirname, 'node_modules/orval/dist/bin/orval.js');
  await promisify(execFile)(process.execPath, [orval, '--config', configFile], { cwd: __dirname });
  return jest.requireActual<GeneratedClient>(config.items.output.target);
}

describe('orval', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orval-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('generates a client that signs', async () => {
    const { getItems } = await generateClient(folder);
    await withServer({}, async (origin, server) => {
      instance.defaults.baseURL = origin;
      instance.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
      await getItems().getItem('ü b', { tag: ['x y', '+'] });
      await getItems().createItem({ name: 'Grüße' });
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
      expect(server.requests[0]?.target).toBe('/items/%C3%BC%20b?tag%5B%5D=x%20y&tag%5B%5D=%2B');
      expect(describeRequest(server.requests[1])).toMatchObject({ text: '{"name":"Grüße"}', target: '/items' });
    });
    recordNeighbour('orval', "client 'axios', generated here, with a mutator whose instance signs");
  });
});

describe('openapi-generator, typescript-axios', () => {
  // The generator is a jar, which its npm package fetches from elsewhere; @ory/keto-client is what it made, as published.
  // What it generates is constructed so: new Api(configuration, basePath, axios), the last of which is to sign.
  it('generates a client that signs', async () => {
    await withServer({}, async (origin, server) => {
      const api = new PermissionApi(new Configuration({ basePath: origin }), undefined, createClient(''));
      await api.checkPermission({ namespace: 'a b', object: 'ü', relation: "it's" });
      await api.postCheckPermission({ postCheckPermissionBody: { namespace: 'Grüße', object: 'b', relation: 'c' } });
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
      expect(server.requests[0]?.target).toContain('?namespace=a%20b&object=%C3%BC&relation=it%27s');
      expect(describeRequest(server.requests[1]).text).toContain('"namespace":"Grüße"');
    });
    const generator = readFileSync(join(__dirname, 'node_modules/@ory/keto-client/.openapi-generator/VERSION'), 'utf8');
    recordNeighbour(
      '@ory/keto-client',
      `a client of openapi-generator ${generator.trim()} that is given a signing axios`,
    );
  });
});
