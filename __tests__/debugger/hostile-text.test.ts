/** Whatever is pasted, there is an answer or an error that names a field: never another error, and never a hang. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { fillForm } from '../../docs/debugger/filled-form.js';
import { markLines } from '../../docs/debugger/marked-lines.js';
import { PasteError } from '../../docs/debugger/paste-error.js';
import { explainPasted, FieldError } from '../../docs/debugger/refusal.js';
import { setHeader } from '../stand-ins/changing-proxy.js';
import { judge, signSent, toAnswer, toHttp } from '../stand-ins/pasted-texts.js';
import { codeAlone, tellingForms } from '../stand-ins/refusal-forms.js';

const sent = signSent('execute-api');
const refusal = judge(sent, 'execute-api', setHeader('Host', 'other'));
const http = toHttp(sent);
const { canonicalRequest = '', stringToSign = '' } = refusal;
const archive = {
  request: { method: 'POST', url: 'https://h.example/', headers: [{ name: 'Host', value: 'h.example' }] },
  response: { status: 403, content: { text: '' } },
};
const requests = [
  http,
  `curl -d 'a' 'https://h.example/'`,
  canonicalRequest,
  `${canonicalRequest}\n\n${stringToSign}`,
  inspect({ trace: { canonicalRequest, stringToSign } }),
  JSON.stringify({ log: { entries: [archive] } }),
];
const answers = [
  ...[...Object.values(tellingForms), codeAlone].map((form) => toAnswer(form(refusal), true)),
  canonicalRequest,
  stringToSign,
];

const pieces = [
  '\n',
  '\r\n',
  '\n\n',
  ' ',
  ':',
  '%',
  '%2',
  "'",
  '"',
  '\\',
  '<',
  '>',
  '{',
  '&',
  '=',
  ';',
  '\0',
  'ü',
  '😀',
  '> ',
];

/** A text of which parts are cut out, doubled, or replaced. */
const spoil = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(40), fc.constantFrom('', ...pieces), fc.nat(3)), { maxLength: 6 }),
    )
    .map(([text, changes]) =>
      changes.reduce((changed, [at, length, piece, times]) => {
        const start = at % (changed.length + 1);
        return changed.slice(0, start) + piece.repeat(times) + changed.slice(start + length);
      }, text),
    );

it('a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(spoil(requests), spoil(answers), async (request, answer) => {
      const result = await explainPasted(request, answer, 'secret').catch((error: unknown) => error);
      if (result instanceof FieldError) {
        expect(result.message).toMatch(/\w/);
        return;
      }
      expect(result).toHaveProperty('signed.trace.canonicalRequest');
      const { explanation } = result as Awaited<ReturnType<typeof explainPasted>>;
      if (explanation !== undefined) expect(markLines(explanation).length).toBeGreaterThan(3);
    }),
    { numRuns: 500 },
  );
});

it('a request for the form', () => {
  fc.assert(
    fc.property(spoil(requests), (request) => {
      try {
        expect(fillForm(request)).toHaveProperty('url');
      } catch (error) {
        expect(error).toBeInstanceOf(PasteError);
      }
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['spaces', ' '.repeat(200_000)],
  ['spaces in a request line', `GET /${' '.repeat(20_000)}a`],
  ['empty lines', '\n \t'.repeat(50_000)],
  ['quotes', `curl ${"'".repeat(100_001)}`],
  ['backslashes', `curl ${'\\'.repeat(100_001)}`],
  ['a name without an end', 'A'.repeat(200_000)],
  ['a canonical path without an end', `GET\n/${' a'.repeat(50_000)}`],
  ['elements', `<${'<a>'.repeat(50_000)}`],
  ['quotes of every kind', `{a:${`'"\``.repeat(50_000)}`],
  ['concatenated strings', `{a: ${"'b' +\n".repeat(50_000)}`],
  ['methods of canonical requests', 'GET\n/\n\n'.repeat(30_000)],
  ['headers of a canonical request', `x GET\n/\n\n${'a:b\n'.repeat(50_000)}`],
  ['fences', '```\n'.repeat(50_000)],
  ['carets', `curl ^"${'^\n'.repeat(50_000)}`],
  ['members of an archive', `{"log":{"entries":[${'{"request":{"method":"GET","url":"/"}},'.repeat(5000)}0]}}`],
])('%s without end', async (_, text) => {
  for (const given of [[text, text] as const, [http, text] as const]) {
    const result = await explainPasted(...given, '').catch((error: unknown) => error);
    expect(result instanceof FieldError || Object.hasOwn(Object(result), 'signed')).toBe(true);
  }
});
