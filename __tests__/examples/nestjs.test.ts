/** examples/nestjs: compiled as its README says, it signs by HttpService. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { scope, temporary } from '../stand-ins/test-server.js';
import { commandOf, examples, runExample, toEnvironment } from './example-run.js';
import { createItemsApi, listArrivals } from './items-api.js';

const { version } = JSON.parse(readFileSync(join(examples, 'node_modules/@nestjs/axios/package.json'), 'utf8')) as {
  readonly version: string;
};

it('signs what its services send', async () => {
  await runExample(commandOf('tsc'), {}, ['--project', 'nestjs']);
  const api = createItemsApi();
  const { origin } = await api.start();
  try {
    const environment = { ...toEnvironment(temporary), AWS_REGION: scope.region, API_URL: `${origin}/prod` };
    const printed = await runExample('nestjs/dist/main.js', environment);
    expect(printed).toBe("created { id: 1, name: 'Grüße' }\nfound [ { id: 1, name: 'Grüße' } ]\n");
    expect(listArrivals(api)).toStrictEqual(['POST /prod/items accepted', 'GET /prod/items?tag=a%20b accepted']);
    expect(api.failures).toStrictEqual([]);
  } finally {
    await api.close();
  }
  recordCompatibility({ section: 'neighbours', name: '@nestjs/axios', version, shown: 'an HttpService that signs' });
});
