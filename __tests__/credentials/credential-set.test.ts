/** Of one set: until when it is alive or may be, whether another is the same, and which of two lasts longer. */
import { isBelievable, isLonger } from '../../lib/credentials/believable-set.js';
import { assertAlive, isAlive, isSameSet, type CredentialSet } from '../../lib/credentials/credential-set.js';
import { numbered } from '../stand-ins/test-server.js';

const END = Date.parse('2026-02-28T23:30:00Z');
const DAY = 24 * 3_600_000;

const endingAt = (expiresAtMs: number | undefined): CredentialSet => ({ credentials: numbered(1), expiresAtMs });
const at = (nowMs: number, uncorrectedMs = nowMs) => ({ now: () => nowMs, uncorrected: () => uncorrectedMs });

it.each([
  ['before its end', END, -1, true],
  ['at its end', END, 0, false],
  ['without an end', undefined, 1000 * DAY, true],
])('a set is alive or not, %s', (_, expiresAtMs, afterMs, alive) => {
  expect(isAlive(endingAt(expiresAtMs), () => END + afterMs)).toBe(alive);
});

it.each([
  ['both clocks', 0, 0, true],
  ['the corrected clock alone', 0, -1, false],
  ['the uncorrected clock alone', -1, 0, false],
])('an object is refused once it is dead by %s: %d and %d ms after its end', (_, nowMs, uncorrectedMs, isRefused) => {
  const use = () => {
    assertAlive(endingAt(END), at(END + nowMs, END + uncorrectedMs));
  };
  if (isRefused) expect(use).toThrow('expiration: the credentials expired at 2026-02-28T23:30:00.000Z');
  else expect(use).not.toThrow();
});

it.each([
  ['less than 7 days after its end', END, 7 * DAY - 1, 7 * DAY - 1, true],
  ['7 days after its end', END, 7 * DAY, 7 * DAY, false],
  ['so by the corrected clock alone', END, 1, 8 * DAY, true],
  ['so by the uncorrected clock alone', END, 8 * DAY, 1, true],
  ['without an end', undefined, 1000 * DAY, 1000 * DAY, true],
])('a set may be alive, %s', (_, expiresAtMs, nowMs, uncorrectedMs, believable) => {
  expect(isBelievable(endingAt(expiresAtMs), at(END + nowMs, END + uncorrectedMs))).toBe(believable);
});

describe('sets are the same', () => {
  it('in whatever objects, and whenever they end', () => {
    expect(isSameSet(endingAt(END), { credentials: { ...numbered(1) }, expiresAtMs: undefined })).toBe(true);
  });

  it.each(['accessKeyId', 'secretAccessKey', 'sessionToken'] as const)('unless the %s is another', (field) => {
    const other = { ...numbered(1), [field]: 'another' };
    expect(isSameSet(endingAt(END), { credentials: other, expiresAtMs: END })).toBe(false);
  });

  it('unless one of them has no session token', () => {
    const { accessKeyId, secretAccessKey } = numbered(1);
    expect(isSameSet(endingAt(END), { credentials: { accessKeyId, secretAccessKey }, expiresAtMs: END })).toBe(false);
  });
});

it.each([
  ['than none', END, null, true],
  ['that ends later', END + 1, END, true],
  ['that ends at the same time', END, END, false],
  ['that ends earlier', END - 1, END, false],
  ['without an end than one with one', undefined, END, true],
  ['with an end than one without', END, undefined, false],
  ['without an end than another such', undefined, undefined, false],
])('a set is longer or not: one %s', (_, expiresAtMs, other, longer) => {
  expect(isLonger(endingAt(expiresAtMs), other === null ? undefined : endingAt(other))).toBe(longer);
});
