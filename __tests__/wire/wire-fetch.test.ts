/** What is signed is what is sent: every case over axios's fetch adapter, which leaves the wire to undici. */
import { selectCases } from './cases.js';
import { checkCase, recordRequests } from './wire-runner.js';

const server = recordRequests();

it.each(selectCases('fetch'))('$name', async (wireCase) => {
  const defaults = { adapter: 'fetch' };
  await checkCase(wireCase, { name: 'fetch', ...server.ends(), defaults });
});
