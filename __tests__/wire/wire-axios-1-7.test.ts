/** What is signed is what is sent: every case over the oldest axios that is supported, in the place of the newest. */
import axios from 'axios';
import { selectCases } from './cases.js';
import { checkCase, recordRequests } from './wire-runner.js';

jest.mock('axios', () => jest.requireActual<object>('axios-1.7'));

const server = recordRequests();

it('is axios 1.7', () => {
  expect(axios.VERSION).toBe('1.7.0');
});

it.each(selectCases('axios-1.7'))('$name', async (wireCase) => {
  const defaults = { adapter: 'http' };
  await checkCase(wireCase, { name: 'axios-1.7', ...server.ends(), defaults });
});
