/** Guesses at what a server's hash is of: the usual changes, and few enough of them where a request is large. */
import { parseCanonicalRequest } from '../../lib/sending/differences.js';
import { guessCanonicalRequest } from '../../lib/sending/hash-guesses.js';

const range = <T>(count: number, create: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => create(i));

function parse(headers: readonly string[], query = '', path = '/'): ReturnType<typeof parseCanonicalRequest> {
  const names = headers.map((line) => line.split(':', 1)[0]).join(';');
  const text = ['GET', path, query, ...headers, '', names, 'UNSIGNED-PAYLOAD'].join('\n');
  return parseCanonicalRequest({ text, isWhole: true });
}

/** How many are tried where none is right. */
function countGuesses(ours: ReturnType<typeof parse>): number {
  let count = 0;
  guessCanonicalRequest(ours, () => {
    count += 1;
    return false;
  });
  return count;
}

const numbered = (count: number): string[] => range(count, (i) => `x-amz-meta-${String(i)}:a,b`);

it.each([
  ['few headers', parse(['host:a.example', ...numbered(20)])],
  ['many headers', parse(['host:a.example', ...numbered(1000)])],
  ['a header of many values', parse(['host:a.example', `x-amz-meta-a:${'a,'.repeat(7000)}`])],
  ['many parameters', parse(['host:a.example'], range(2000, (i) => `a${String(i)}=1`).join('&'))],
  ['a path of many segments', parse(['host:a.example'], '', '/a'.repeat(5000))],
])('are some hundred of %s', (_, ours) => {
  expect(countGuesses(ours)).toBeGreaterThan(20);
  expect(countGuesses(ours)).toBeLessThan(500);
});

it('find a Host that was rewritten among however many headers', () => {
  const theirs = 'localhost:8080';
  const guess = (count: number) =>
    guessCanonicalRequest(parse(['host:a.example', ...numbered(count)]), (text) => text.includes(`\nhost:${theirs}\n`));
  for (const count of [0, 20, 1000]) expect(guess(count)).toContain(`\nhost:${theirs}\n`);
});

it('make no other once one is right', () => {
  const tried: string[] = [];
  guessCanonicalRequest(parse(['host:a.example']), (text) => tried.push(text) === 2);
  expect(tried.map((text) => text.split('\n', 1)[0])).toStrictEqual(['GET', 'HEAD']);
});
