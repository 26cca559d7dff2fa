/** curl's command line: read as a request, and written for one (curl's manual; POSIX shell, section 2.2, for quotes). */
import { splitShellWords, quoteShellWord } from './shell-words.js';
import { parseHeaderLines, readHeaderValues, type HeaderLines } from './http-text.js';
import { PasteError } from './paste-error.js';

/** What a command sends, and whom `--aws-sigv4` has it signed for. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: string;
  readonly signer: CurlSigner | undefined;
}

/** What `--aws-sigv4 aws:amz:REGION:SERVICE` and `--user KEY:SECRET` say. */
export interface CurlSigner {
  readonly region: string;
  readonly service: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Options with a value, by what they are to a request; those that say nothing of it are `ignored`. */
const OPTIONS_WITH_VALUE: ReadonlyMap<string, string> = new Map([
  ...pair('method', '-X', '--request'),
  ...pair('header', '-H', '--header'),
  ...pair('data', '-d', '--data', '--data-ascii', '--data-binary', '--json'),
  ...pair('raw data', '--data-raw'),
  ...pair('url', '--url'),
  ...pair('user', '-u', '--user'),
  ...pair('cookie', '-b', '--cookie'),
  ...pair('user agent', '-A', '--user-agent'),
  ...pair('referer', '-e', '--referer'),
  ...pair('sigv4', '--aws-sigv4'),
  ...pair('ignored', '-o', '--output', '-m', '--max-time', '--connect-timeout', '-x', '--proxy', '-w', '--write-out'),
  ...pair('ignored', '--cacert', '--capath', '-c', '--cookie-jar', '--retry', '--retry-delay', '--resolve', '-D'),
  ...pair('ignored', '--dump-header', '--ciphers', '--interface', '--max-redirs', '--connect-to', '--limit-rate'),
]);

/** Options that stand alone. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ...pair('get', '-G', '--get'),
  ...pair('head', '-I', '--head'),
  ...pair('compressed', '--compressed'),
  ...pair('ignored', '-s', '--silent', '-S', '--show-error', '-L', '--location', '-k', '--insecure', '-v', '--verbose'),
  ...pair('ignored', '-i', '--include', '-f', '--fail', '-g', '--globoff', '-O', '--remote-name', '-N', '--no-buffer'),
  ...pair('ignored', '--path-as-is', '--http1.1', '--http2', '--http2-prior-knowledge', '--http3', '-#', '-4', '-6'),
  ...pair('ignored', '--fail-with-body', '--location-trusted', '--tlsv1.2', '--tlsv1.3', '--no-progress-meter', '-q'),
]);

function pair(meaning: string, ...options: readonly string[]): (readonly [option: string, meaning: string])[] {
  return options.map((option) => [option, meaning]);
}

interface Argument {
  readonly option: string;
  readonly meaning: string;
  readonly value: string;
}

/**
 * Reads a command.
 *
 * @throws PasteError for an option that is not known here, or whose value is in a file
 */
export function parseCurlCommand(text: string): CurlRequest {
  const given = listArguments(splitShellWords(unescapeCarets(text)).slice(1));
  const all = (meaning: string): readonly string[] =>
    given.filter((each) => each.meaning === meaning).map(({ value }) => value);
  const [givenUrl, ...otherUrls] = all('url');
  if (givenUrl === undefined) throw new PasteError('The curl command has no URL');
  if (otherUrls.length > 0) throw new PasteError('The curl command has several URLs: leave one');
  const data = given.filter(({ meaning }) => meaning.endsWith('data'));
  for (const { meaning, option, value } of data) {
    if (meaning === 'data' && value.startsWith('@')) {
      throw new PasteError(`The body is in the file that ${option} names: put its text there, behind --data-raw`);
    }
  }
  const [isGet, isHead] = [all('get').length > 0, all('head').length > 0];
  const body = data.map(({ value }) => value).join('&');
  const url = /^https?:\/\//i.test(givenUrl) ? givenUrl : `http://${givenUrl}`;
  const isSent = data.length > 0 && !isGet;
  return {
    method: all('method').at(-1) ?? (isHead ? 'HEAD' : isSent ? 'POST' : 'GET'),
    url: isGet && body !== '' ? `${url}${url.includes('?') ? '&' : '?'}${body}` : url,
    headers: listHeaders(given, isSent),
    body: isSent ? body : '',
    signer: readSigner(all('sigv4').at(-1), all('user').at(-1)),
  };
}

/** A command for Windows' cmd, as browsers copy requests: `^` quotes what follows, and at a line's end goes on with the next. */
function unescapeCarets(text: string): string {
  if (!/\^\r?\n|^\S+ \^"/.test(text)) return text;
  return text
    .replace(/\^\r?\n(\r?\n)?/g, (_, lineEnd: string | undefined) => (lineEnd === undefined ? ' ' : '\n'))
    .replace(/\^([^])/g, '$1');
}

function listArguments(words: readonly string[]): readonly Argument[] {
  const given: Argument[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [option, rest] = /^-[^-]/.test(word) ? [word.slice(0, 2), word.slice(2)] : splitLong(word);
    const meaning = OPTIONS_WITH_VALUE.get(option);
    const flag = FLAGS.get(option);
    if (!word.startsWith('-')) {
      given.push({ option: '--url', meaning: 'url', value: word });
    } else if (meaning !== undefined) {
      const value = rest === '' ? left.shift() : rest;
      if (value === undefined) throw new PasteError(`The curl command ends behind ${option}, which wants a value`);
      given.push({ option, meaning, value });
    } else if (flag !== undefined) {
      given.push({ option, meaning: flag, value: '' });
      // Short options may stand behind one dash.
      if (rest !== '') left.unshift(`-${rest}`);
    } else {
      throw new PasteError(
        `The option ${option} of curl is not known here: leave it out, or paste the request as HTTP`,
      );
    }
  }
  return given;
}

function splitLong(word: string): readonly [option: string, value: string] {
  const equals = word.indexOf('=');
  return equals === -1 || !word.startsWith('--') ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
}

function listHeaders(given: readonly Argument[], hasBody: boolean): HeaderLines {
  const headers = given.flatMap(({ option, meaning, value }): HeaderLines => {
    switch (meaning) {
      case 'header':
        // `Name:` keeps curl from sending a header of its own, and `Name;` is an empty one.
        if (/^[^:;]+:\s*$/.test(value)) return [];
        return parseHeaderLines([value.replace(/^([^:;]+);$/, '$1:')], 1);
      case 'cookie':
        return [['Cookie', value]];
      case 'user agent':
        return [['User-Agent', value]];
      case 'referer':
        return [['Referer', value]];
      case 'compressed':
        return [['Accept-Encoding', 'deflate, gzip']];
      case 'data':
        return option === '--json' ? [['Content-Type', 'application/json']] : [];
      default:
        return [];
    }
  });
  const isTyped = given.some(({ meaning, value }) => meaning === 'header' && /^content-type[:;]/i.test(value));
  const own = hasBody && !isTyped && readHeaderValues(headers, 'content-type').length === 0;
  return own ? [...headers, ['Content-Type', 'application/x-www-form-urlencoded']] : headers;
}

function readSigner(sigv4: string | undefined, user = ''): CurlSigner | undefined {
  if (sigv4 === undefined) return undefined;
  const [, , region = '', service = ''] = sigv4.split(':');
  const colon = user.indexOf(':');
  const accessKeyId = colon === -1 ? user : user.slice(0, colon);
  return { region, service, accessKeyId, secretAccessKey: colon === -1 ? '' : user.slice(colon + 1) };
}

/** A command that sends a request just as it is. */
export function formatCurlCommand(
  method: string,
  url: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
  body: string,
): string {
  const lines = [`curl ${formatMethod(method, body)}${formatUrlFlags(url)}${quoteShellWord(url)}`];
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value].flat())
      lines.push(`-H ${quoteShellWord(each === '' ? `${name};` : `${name}: ${each}`)}`);
  }
  if (body !== '') {
    // Of its own, curl would send a form's type.
    if (!names.includes('content-type')) lines.push("-H 'Content-Type:'");
    lines.push(`--data-raw ${quoteShellWord(body)}`);
  }
  return lines.join(' \\\n  ');
}

function formatMethod(method: string, body: string): string {
  if (method === 'HEAD') return '--head ';
  return method === (body === '' ? 'GET' : 'POST') ? '' : `-X ${method} `;
}

/** Of its own, curl resolves dots in a path, and takes brackets for lists of URLs. */
function formatUrlFlags(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  return `${/\/\.{1,2}(?:\/|$)/.test(path) ? '--path-as-is ' : ''}${/[[\]{}]/.test(url) ? '--globoff ' : ''}`;
}
