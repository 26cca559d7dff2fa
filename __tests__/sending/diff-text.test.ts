/** An explanation as text: a diff of the canonical request, and its colours. */
import { formatExplanation } from '../../lib/sending/diff-text.js';
import { compareCanonicalRequests, parseCanonicalRequest, type LineDifference } from '../../lib/sending/differences.js';
import { createShowing } from '../../lib/sending/shown-lines.js';
import { platform } from '#platform';

const signed = [
  ...['PUT', '/a', 'page=2&password=hidden-in-a-query&q=1'],
  ...['content-type:text/plain', 'host:a.example', 'x-amz-security-token:hidden-in-a-header', ''],
  ...['content-type;host;x-amz-security-token', 'UNSIGNED-PAYLOAD'],
];
const show = createShowing({ 'X-Amz-Security-Token': 'hidden-in-a-header' }, signed[2] ?? '');
const parse = (lines: readonly string[]) => parseCanonicalRequest({ text: lines.join('\n'), isWhole: true });

function format(theirs: readonly string[], more: readonly LineDifference[] = []): string {
  const ours = parse(signed);
  const differences = [...compareCanonicalRequests(ours, parse(theirs)), ...more];
  return formatExplanation('It is another.', ours, differences, show)();
}

const change = (line: number, text: string): string[] => signed.with(line, text);
const HEADING = ['It is another.', '', '- signed', '+ seen by the server'];

beforeEach(() => {
  process.env['FORCE_COLOR'] = '0';
});

it('has what was signed, where no difference is known', () => {
  expect(format(signed).split('\n')).toStrictEqual([
    ...['It is another.', '', '  Signed:'],
    ...['  PUT', '  /a', '  page=2&password=REDACTED&q=1'],
    ...['  content-type:text/plain', '  host:a.example', '  x-amz-security-token:REDACTED', ''],
    ...['  content-type;host;x-amz-security-token', '  UNSIGNED-PAYLOAD'],
  ]);
});

it('has each difference where its line is', () => {
  expect(format(change(4, 'host:b.example')).split('\n')).toStrictEqual([
    ...[...HEADING, '  PUT', '  /a', '  page=2&password=REDACTED&q=1', '  content-type:text/plain'],
    ...['- host:a.example', '+ host:b.example', '  x-amz-security-token:REDACTED', ''],
    ...['  content-type;host;x-amz-security-token', '  UNSIGNED-PAYLOAD'],
  ]);
});

it('has parameters and headers that were added behind those that were signed', () => {
  const theirs = ['PUT', '/a', 'page=3&password=other&q=1&z=1', 'x-b:c', ...signed.slice(3)];
  expect(format(theirs).split('\n')).toStrictEqual([
    ...[...HEADING, '  PUT', '  /a', '- page=2', '+ page=3'],
    ...['- password=REDACTED', '+ password=REDACTED (another)', '  q=1', '+ z=1'],
    ...['  content-type:text/plain', '  host:a.example', '  x-amz-security-token:REDACTED', '+ x-b:c', ''],
    ...['  content-type;host;x-amz-security-token', '  UNSIGNED-PAYLOAD'],
  ]);
});

it('has lines of the string to sign at the end', () => {
  const date = { kind: 'date', name: '', ours: '20150830T123600Z', theirs: '20150830T124600Z' } as const;
  expect(format(signed, [date])).toMatch(/ {2}UNSIGNED-PAYLOAD\n- 20150830T123600Z\n\+ 20150830T124600Z$/);
});

it('shows no command to a terminal, and no text without end', () => {
  const text = format(change(4, `host:\x1b[31m\u202e\x07${'b'.repeat(1000)}`));
  expect(text).toContain('+ host:\\x1b[31m\\x202e\\x07bbb');
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(310);
});

it('shows no secret of the request in the place of anything else', () => {
  const theirs = ['PUT', '/hidden-in-a-query', 'q=hidden-in-a-header', 'host:hidden%2Din-a-header hidden-in-a-header'];
  expect(format([...theirs, ...signed.slice(4)])).not.toMatch(/hidden-/);
});

if (platform.name === 'node') {
  describe('colours', () => {
    const before = { ...process.env };
    const NAMES = ['FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS', 'TERM'] as const;
    const outputs = [process.stdout, process.stderr].map((output) => ({ output, isTTY: output.isTTY }));
    afterEach(() => {
      process.env = { ...before };
      for (const { output, isTTY } of outputs) output.isTTY = isTTY;
    });

    it.each<[string, Partial<Record<(typeof NAMES)[number], string>>, readonly [boolean, boolean], boolean]>([
      ['a terminal', {}, [true, true], true],
      ['a file', {}, [false, false], false],
      ['a terminal, and errors in a file', {}, [true, false], false],
      ['a terminal under NO_COLOR', { NO_COLOR: '1' }, [true, true], false],
      ['a terminal under an empty NO_COLOR', { NO_COLOR: '' }, [true, true], true],
      ['a terminal under NODE_DISABLE_COLORS', { NODE_DISABLE_COLORS: '1' }, [true, true], false],
      ['a dumb terminal', { TERM: 'dumb' }, [true, true], false],
      ['a file under FORCE_COLOR', { FORCE_COLOR: '1' }, [false, false], true],
      ['a file under an empty FORCE_COLOR', { FORCE_COLOR: '' }, [false, false], true],
      ['a file under FORCE_COLOR and NO_COLOR', { FORCE_COLOR: '3', NO_COLOR: '1' }, [false, false], true],
      ['a terminal under FORCE_COLOR=0', { FORCE_COLOR: '0' }, [true, true], false],
      ['a terminal under FORCE_COLOR=false', { FORCE_COLOR: 'false' }, [true, true], false],
    ])('on %s', (_, environment, terminals, isColoured) => {
      for (const name of NAMES) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, environment);
      for (const [i, { output }] of outputs.entries()) output.isTTY = terminals[i] === true;
      const text = format(change(0, 'GET'));
      expect(text).toContain(isColoured ? '\x1b[31m- PUT\x1b[39m\n\x1b[32m+ GET\x1b[39m' : '\n- PUT\n+ GET\n');
    });
  });
} else {
  it('has no colours where there is no terminal', () => {
    process.env['FORCE_COLOR'] = '1';
    expect(format(change(0, 'GET'))).toContain('\n- PUT\n+ GET\n');
  });
}
