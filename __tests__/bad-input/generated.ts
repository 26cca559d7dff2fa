/** What the tests with generated input share: the seed, how often, and text that nobody means well with. */
import fc from 'fast-check';

// As for the other properties: every run takes the same road, and PROPERTY_SEED takes another.
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20_150_830);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);

/** Checks a property; a failure names the seed and path that bring it back. */
export async function checkAll<T>(
  generated: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
  runs = RUNS,
): Promise<void> {
  const property = fc.asyncProperty(generated, async (value) => {
    await check(value);
  });
  await fc.assert(property, { seed: SEED, numRuns: runs });
}

/** Any text: of ASCII with its control characters, of any characters, of halves of them, and very long ones. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '\ud83d',
    '\udc9b',
    'a\ud800b',
    '\0',
    '\r\n',
    '\u2028',
    '\u00a0',
    '\ufeff',
    '\u212a',
    '__proto__',
    '$&',
  ),
  fc.constantFrom('a', '%', '%2', '<', '[', ' ', '\\"', '0', 'ü').map((unit) => unit.repeat(500)),
);

/** A text with one of its characters replaced, taken out or doubled; now and then as it is. */
export function mutate(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(texts, fc.nat(100), fc.constantFrom(0, 1, 2), hostileText, fc.boolean())
    .map(([text, position, dropped, inserted, isChanged]) => {
      const at = position % (text.length + 1);
      return isChanged ? text.slice(0, at) + inserted + text.slice(at + dropped) : text;
    });
}

const xml = mutate(
  fc.constantFrom(
    '<Error><Code>ExpiredToken</Code><Message>The token expired</Message></Error>',
    '<?xml version="1.0"?><Error><Code>RequestTimeTooSkewed</Code><ServerTime>2015-08-30T12:36:00Z</ServerTime></Error>',
    '<Code><Code><Message><Code>',
    '<Code>',
  ),
);
const code = fc.oneof(
  fc.constantFrom('ExpiredToken', 'com.amazon#ExpiredTokenException:http://a/', '#', ':', 'a#b#c', ''),
  fc.anything({ withNullPrototype: false }),
);
const json = fc
  .dictionary(fc.constantFrom('__type', 'code', 'Code', 'message', 'Message', 'Error', 'error', '__proto__'), code)
  .map((value) => {
    try {
      return JSON.stringify(value);
    } catch {
      return '{"message":';
    }
  });

/** The body of an answer that refuses, or something like it. */
export const jsonLike = fc.oneof(xml, mutate(json), fc.json(), hostileText);
