/** The words of a shell's command line (POSIX shell, section 2.2), and `$'...'`, as browsers copy requests. */
import { PasteError } from './paste-error.js';

/** One piece of a word: quoted in one of the ways, escaped, or plain. */
const PIECE = /'([^']*)'|\$'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"|\\\r?\n|\\([^])|(\$(?!')|[^\s'"\\$]+)|(\s+)/y;

/**
 * Splits a command into its words, without their quotes. Nothing is substituted: a `$NAME` stays as it is.
 *
 * @throws PasteError where a quote is not closed
 */
export function splitShellWords(command: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < command.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(command);
    if (match === null) throw new PasteError('The command has a quote that is not closed');
    const [, single, ansi, double, escaped, plain, space] = match;
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const text = single ?? unescapeAnsi(ansi) ?? double?.replace(/\\(?:\r?\n|([$`"\\]))/g, '$1') ?? escaped ?? plain;
    if (text !== undefined) word = (word ?? '') + text;
  }
  return word === undefined ? words : [...words, word];
}

const ANSI_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', a: '\x07', b: '\b' };

function unescapeAnsi(text: string | undefined): string | undefined {
  return text?.replace(
    /\\(?:u([\da-f]{4})|x([\da-f]{2})|([^]))/gi,
    (_, unicode: string | undefined, hex: string | undefined, character = '') => {
      const code = unicode ?? hex;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return typeof character === 'string' ? (ANSI_ESCAPES[character] ?? character) : '';
    },
  );
}

/** A word of a command in quotes, as every POSIX shell takes it. */
export function quoteShellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
