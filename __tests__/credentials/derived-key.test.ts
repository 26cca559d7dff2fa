/** A derived key on its day and on another. */
import { keyForDate } from '../../lib/credentials/derived-key.js';
import { SigningKey } from '../../lib/index.js';
import { credentials, scope } from '../stand-ins/test-server.js';

const key = new SigningKey(credentials.secretAccessKey, { date: '20260228', ...scope });

it.each(['rederive', 'throw', 'keep'] as const)('is used on its own day: %s', (onDateMismatch) => {
  expect(keyForDate(key, '20260228', onDateMismatch)).toBe(key);
});

describe('on another day', () => {
  it('is kept', () => {
    expect(keyForDate(key, '20260301', 'keep')).toBe(key);
  });

  it('is an error that names both days', () => {
    expect(() => keyForDate(key, '20260301', 'throw')).toThrow(
      expect.objectContaining({
        code: 'ERR_DATE_MISMATCH',
        message: expect.stringMatching(/20260228.*20260301/) as string,
      }),
    );
  });

  it('gives way to the key of that day', () => {
    const derived = keyForDate(key, '20260301', 'rederive');
    expect(derived.scope).toBe('20260301/eu-west-1/execute-api/aws4_request');
    const made = new SigningKey(credentials.secretAccessKey, { date: '20260301', ...scope });
    expect(derived.sign('text')).toBe(made.sign('text'));
  });

  it('cannot be derived without its secret', () => {
    const bare = new SigningKey(credentials.secretAccessKey, { date: '20260228', ...scope }, { keepSecret: false });
    expect(() => keyForDate(bare, '20260301', 'rederive')).toThrow(
      expect.objectContaining({ code: 'ERR_NO_SECRET_KEY' }),
    );
    expect(keyForDate(bare, '20260228', 'rederive')).toBe(bare);
  });
});
