/** What is signed is what is sent: every case over axios's http adapter, signed and unsigned, to a strict verifier. */
import { selectCases, wireCases } from './cases.js';
import { checkCase, recordRequests } from './wire-runner.js';

const server = recordRequests();

it('is a table of more than 220 cases, each with a name of its own', () => {
  const names = wireCases.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(220);
  expect(new Set(names).size).toBe(names.length);
});

it.each(selectCases('http'))('$name', async (wireCase) => {
  const defaults = { adapter: 'http' };
  await checkCase(wireCase, { name: 'http', ...server.ends(), defaults });
});

it('64 MiB of bytes', async () => {
  const data = Buffer.alloc(64 * 1024 * 1024, 'abcdefg');
  const request = () => ({ method: 'put', url: '/large', data });
  const transport = { name: 'http', ...server.ends(), defaults: { adapter: 'http' } } as const;
  await checkCase({ name: '64 MiB', service: 'execute-api', request, resent: 'nothing' }, transport);
});
