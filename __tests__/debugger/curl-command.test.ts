/** curl commands: read as browsers, manuals and people write them, and written so that a real shell reads them back. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { formatCurlCommand, parseCurlCommand } from '../../docs/debugger/curl-command.js';
import { quoteShellWord, splitShellWords } from '../../docs/debugger/shell-words.js';

/** The words as sh makes them, each ended by NUL. */
const askShell = (words: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${words}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('the words of a command', () => {
  it.each([
    "a 'b c' d",
    '"a \\"b\\" \\\\ c" d\\ e',
    "a'b'\"c\"d ''",
    "'it'\\''s'",
    'a \\\n  b\\\n  c',
    '"one\ntwo" three',
    '"a\\\nb"',
    'a\tb  c ',
  ])('are those of sh: %j', (command) => {
    expect(splitShellWords(command)).toStrictEqual(askShell(command));
  });

  it.each([
    [String.raw`$'a\'b\n\u00fc\x41'`, ["a'b\nüA"]],
    [String.raw`-d$'a\\b'`, ['-da\\b']],
    ['a$b "$c"', ['a$b', '$c']],
  ])('are those of bash: %s', (command, words) => {
    expect(splitShellWords(command)).toStrictEqual(words);
  });

  it.each(["'a", '"a', "a 'b' \"c", 'a\\'])('have no quote that is open: %j', (command) => {
    expect(() => splitShellWords(command)).toThrow('a quote that is not closed');
  });

  it('are read back by sh, whatever is quoted', () => {
    const texts = fc.array(
      fc.string({ unit: 'binary' }).filter((text) => !/[\0\ud800-\udfff]/.test(text)),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(texts, (words) => {
        const command = words.map(quoteShellWord).join(' ');
        expect(askShell(command)).toStrictEqual(words);
        expect(splitShellWords(command)).toStrictEqual(words);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a command', () => {
  const url = 'https://h.example/a?b=c';

  it.each([
    ['of a URL', `curl ${url}`, { method: 'GET', url, headers: [], body: '', signer: undefined }],
    ['without a scheme', 'curl h.example/a', { url: 'http://h.example/a' }],
    ['with --url', `curl --url=${url} -s`, { url }],
    ['with a method', `curl -X DELETE ${url}`, { method: 'DELETE' }],
    ['with a method behind it', `curl -sSXPUT ${url}`, { method: 'PUT' }],
    ['of HEAD', `curl -I ${url}`, { method: 'HEAD' }],
    [
      'of Chromium',
      `curl '${url}' \\\n  -H 'accept: */*' \\\n  -H 'content-type: application/json' \\\n  --data-raw $'{"a":"it\\'s"}' \\\n  --compressed`,
      {
        method: 'POST',
        body: '{"a":"it\'s"}',
        headers: [
          ['accept', '*/*'],
          ['content-type', 'application/json'],
          ['Accept-Encoding', 'deflate, gzip'],
        ],
      },
    ],
    [
      'of a form',
      `curl -d a=1 --data b=2 ${url}`,
      { method: 'POST', body: 'a=1&b=2', headers: [['Content-Type', 'application/x-www-form-urlencoded']] },
    ],
    ['of a form in the query', `curl -G -d d=1 ${url}`, { method: 'GET', url: `${url}&d=1`, body: '' }],
    ['whose type is taken away', `curl -H 'Content-Type:' --data-raw a ${url}`, { headers: [], body: 'a' }],
    ['with an empty header', `curl -H 'X-A;' ${url}`, { headers: [['X-A', '']] }],
    ['of JSON', `curl --json '{}' ${url}`, { body: '{}', headers: [['Content-Type', 'application/json']] }],
    [
      'with a cookie, an agent and a referer',
      `curl -b a=1 -A me -e there ${url}`,
      {
        headers: [
          ['Cookie', 'a=1'],
          ['User-Agent', 'me'],
          ['Referer', 'there'],
        ],
      },
    ],
    [
      'that curl itself signs',
      `curl --aws-sigv4 "aws:amz:eu-west-1:s3" --user 'AKID:se/cr:et' -o file ${url}`,
      { signer: { region: 'eu-west-1', service: 's3', accessKeyId: 'AKID', secretAccessKey: 'se/cr:et' } },
    ],
    ['whose raw data begins with @', `curl --data-raw @a ${url}`, { body: '@a' }],
  ])('%s', (_, command, expected) => {
    expect(parseCurlCommand(command)).toMatchObject(expected);
  });

  it.each([
    ['curl', /has no URL/],
    ['curl https://a https://b', /several URLs/],
    ['curl -d @file https://a', /in the file that -d names/],
    ['curl --data-binary @- https://a', /in the file that --data-binary names/],
    ['curl -T file https://a', /The option -T of curl is not known here/],
    ['curl https://a -H', /ends behind -H/],
    ["curl https://a -H 'no header'", /is no header/],
  ])('that cannot be read says why: %s', (command, says) => {
    expect(() => parseCurlCommand(command)).toThrow(says);
  });
});

describe('a command that is written', () => {
  it.each([
    ['GET', 'https://h/a?b=c', { 'X-A': "it's", 'X-B': ['1', '2'], 'X-C': '' }, ''],
    ['POST', 'https://h/', { 'Content-Type': 'text/plain' }, "@it's\nso"],
    ['PUT', 'https://h/a/../[b]', { Host: 'other' }, 'x'],
    ['HEAD', 'https://h/', {}, ''],
    ['DELETE', 'https://h/', {}, ''],
    ['GET', 'https://h/', { 'Content-Type': 'application/json' }, '{}'],
  ])('is read as it was: %s %s', (method, url, headers, body) => {
    const command = formatCurlCommand(method, url, headers, body);
    expect(parseCurlCommand(command)).toStrictEqual({
      method,
      url,
      headers: Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => [name, each])),
      body,
      signer: undefined,
    });
  });

  it('keeps curl from changing the URL and from adding a type', () => {
    const command = formatCurlCommand('POST', 'https://h/a/../b[1]', {}, 'x');
    expect(command).toMatch(/^curl --path-as-is --globoff 'https:/);
    expect(command).toContain("-H 'Content-Type:'");
  });
});
