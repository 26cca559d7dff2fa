/** What is signed is what is sent: every case over the oldest axios that is supported, in the place of the newest. */
import axios from 'axios';
import { selectCases } from './cases.js';
import { createRawServer } from './verifier/raw-server.js';
import { checkCase } from './wire-runner.js';

jest.mock('axios', () => jest.requireActual<object>('axios-1.7'));

const server = createRawServer(() => ({ status: 200, body: 'received' }));
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toStrictEqual([]);
});

it('is axios 1.7', () => {
  expect(axios.VERSION).toBe('1.7.0');
});

it.each(selectCases('axios-1.7'))('$name', async (wireCase) => {
  const defaults = { adapter: 'http' };
  await checkCase(wireCase, { name: 'axios-1.7', origin, defaults, received: server.requests });
});
