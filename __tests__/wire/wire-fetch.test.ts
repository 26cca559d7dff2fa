/** What is signed is what is sent: every case over axios's fetch adapter, which leaves the wire to undici. */
import { selectCases } from './cases.js';
import { createRawServer } from './verifier/raw-server.js';
import { checkCase } from './wire-runner.js';

const server = createRawServer(() => ({ status: 200, body: 'received' }));
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toStrictEqual([]);
});

it.each(selectCases('fetch'))('$name', async (wireCase) => {
  const defaults = { adapter: 'fetch' };
  await checkCase(wireCase, { name: 'fetch', origin, defaults, received: server.requests });
});
