/** Secrets of a request in the lines that are shown of it, however many there are. */
import { createShowing } from '../../lib/sending/shown-lines.js';
import { measureGrowth } from '../stand-ins/counted-steps.js';

const PATH = { kind: 'path', name: '' } as const;
const listSecrets = (count: number): string[] => Array.from({ length: count }, (_, i) => `secret-value-${String(i)}`);
const showing = (secrets: readonly string[], header = 'a-secret-header') =>
  createShowing(
    { 'X-Api-Key': header },
    secrets.map((secret, i) => `token${String(i)}=${encodeURIComponent(secret)}`).join('&'),
  );

it.each([
  ['alone', 'secret-value-1', 'REDACTED'],
  ['among others', '/a/secret-value-0/secret-value-1/b', '/a/REDACTED/REDACTED/b'],
  ['one of which begins another', '/secret-value-12x/secret-value-1x', '/REDACTEDx/REDACTEDx'],
  ['behind what begins like it', '/secret-secret-value-1', '/secret-REDACTED'],
  ['of a header', '/a-secret-header', '/REDACTED'],
  ['encoded', '/a%20secret%2Fvalue/a%2520secret%252Fvalue/a secret/value', '/REDACTED/REDACTED/REDACTED'],
  ['cut off', '/secret-valu', '/secret-valu'],
  ['nowhere', '/a/b', '/a/b'],
])('are redacted %s', (_, text, shown) => {
  expect(showing([...listSecrets(20), 'a secret/value'])(PATH, text)).toBe(shown);
});

it('are redacted where a line is clipped, and what was cut out of it does not move it', () => {
  const show = showing(['s'.repeat(1000)]);
  expect(show(PATH, `${'a'.repeat(295)}${'s'.repeat(1000)}b`)).toBe(`${'a'.repeat(295)}REDAC…`);
  expect(show(PATH, `${'s'.repeat(1000)}${'b'.repeat(300)}`)).toBe(`REDACTED${'b'.repeat(292)}…`);
  expect(show(PATH, 'b'.repeat(300))).toBe('b'.repeat(300));
  expect(show(PATH, 'b'.repeat(301))).toBe(`${'b'.repeat(300)}…`);
});

it('take no more steps than there are of them and of the lines together', async () => {
  const showAll = (size: number): void => {
    const secrets = listSecrets(size);
    const show = showing(secrets);
    for (const secret of secrets) show(PATH, secret.toUpperCase());
  };
  expect(await measureGrowth(showAll, 100)).toBeLessThan(5);
});
