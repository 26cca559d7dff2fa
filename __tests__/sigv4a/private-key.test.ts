/** The private key of SigV4a: AWS's published keys, and the rounds after the first, which no published key needs. */
import { createECDH, createHmac } from 'node:crypto';
import { keys } from '../../fixtures/sigv4a.json';
import { CredentialsError } from '../../lib/errors.js';
import { derivePrivateKey } from '../../lib/sigv4a/private-key.js';
import { ecdsa } from '#ecdsa';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const GREATEST = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f';
const example = keys[0] ?? { accessKeyId: '', secretAccessKey: '' };

it.each(keys)('is the published one of $accessKeyId', ({ accessKeyId, secretAccessKey, ...expected }) => {
  const privateKey = derivePrivateKey({ accessKeyId, secretAccessKey }, ecdsa.hmacSha256);
  expect(hexOf(privateKey)).toBe(expected.privateScalarHex);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(privateKey);
  expect(curve.getPublicKey('hex')).toBe(`04${expected.publicX}${expected.publicY}`);
});

/** Derives with candidates of the test's own, and tells of what they were asked. */
function deriveFrom(candidates: readonly string[]) {
  const asked: { readonly key: string; readonly input: string }[] = [];
  const derive = () =>
    derivePrivateKey(example, (key, data) => {
      const candidate = candidates[Math.min(asked.length, candidates.length - 1)] ?? '';
      asked.push({ key, input: hexOf(data) });
      return new Uint8Array(Buffer.from(candidate, 'hex'));
    });
  return { derive, asked };
}

const label = Buffer.from('AWS4-ECDSA-P256-SHA256').toString('hex');
const context = Buffer.from(example.accessKeyId).toString('hex');
const inputOf = (counter: number): string =>
  `00000001${label}00${context}${counter.toString(16).padStart(2, '0')}00000100`;

it('makes the next candidate of the whole input anew, with the next counter', () => {
  const tooGreat = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550';
  const { derive, asked } = deriveFrom([tooGreat, 'ff'.repeat(32), '00'.repeat(31) + '05']);
  expect(hexOf(derive())).toBe(`${'00'.repeat(31)}06`);
  expect(asked).toStrictEqual(
    [1, 2, 3].map((counter) => ({ key: `AWS4A${example.secretAccessKey}`, input: inputOf(counter) })),
  );
});

it('takes the greatest candidate and the least', () => {
  expect(hexOf(deriveFrom([GREATEST]).derive())).toBe(
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550',
  );
  expect(hexOf(deriveFrom(['00'.repeat(32)]).derive())).toBe(`${'00'.repeat(31)}01`);
});

it('has the key of the second round, by an HMAC of its own', () => {
  const second = createHmac('sha256', `AWS4A${example.secretAccessKey}`).update(inputOf(2), 'hex').digest('hex');
  const privateKey = derivePrivateKey(example, (key, data) =>
    data.at(-5) === 1 ? new Uint8Array(32).fill(255) : ecdsa.hmacSha256(key, data),
  );
  expect(hexOf(privateKey)).toBe((BigInt(`0x${second}`) + 1n).toString(16).padStart(64, '0'));
});

it('ends after 254 rounds, and says so without the secret', () => {
  const { derive, asked } = deriveFrom(['ff'.repeat(32)]);
  let error: unknown;
  try {
    derive();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(CredentialsError);
  expect(String(error)).not.toContain(example.secretAccessKey);
  expect(asked.map(({ input }) => input)).toStrictEqual(Array.from({ length: 254 }, (_, i) => inputOf(i + 1)));
});
