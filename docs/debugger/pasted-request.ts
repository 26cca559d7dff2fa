/** What was pasted as "the request": HTTP, a curl command, a presigned URL, or a canonical request that was logged. */
import { unescapeJson } from '../../lib/sending/refusal-details.js';
import { parseCurlCommand, type CurlSigner } from './curl-command.js';
import { parseRequestText, readHeaderValues, type HeaderLines } from './http-text.js';
import { PasteError } from './paste-error.js';

/** A request. */
export interface PastedRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: string;
  /** Whom a curl command is to be signed for. */
  readonly signer: CurlSigner | undefined;
}

/** The texts of a signature, as a log or a server has them. */
export interface PastedTexts {
  readonly kind: 'texts';
  readonly canonicalRequest: string | undefined;
  readonly stringToSign: string | undefined;
}

/**
 * Reads what was pasted, whichever form it has.
 *
 * @throws PasteError for what is none of these forms
 */
export function parsePastedRequest(text: string): PastedRequest | PastedTexts {
  const start = text.trimStart();
  if (start === '') {
    throw new PasteError('Paste the request that was refused: as HTTP, as a curl command, or its canonical request');
  }
  const texts = parseSigningTexts(start);
  if (texts !== undefined) return texts;
  if (/^(?:\$ )?curl(?:\.exe)?\s/.test(start)) {
    return { kind: 'request', ...parseCurlCommand(start.replace(/^\$ /, '')) };
  }
  const url = start.trim();
  if (/^(?:http|ws)s?:\/\/\S+$/i.test(url)) {
    return { kind: 'request', method: 'GET', url, headers: [], body: '', signer: undefined };
  }
  const { method, target, headers, body } = parseRequestText(start);
  return { kind: 'request', method, url: toUrl(target, headers), headers, body, signer: undefined };
}

/** The method of a canonical request has a line for itself, and so has its path. */
const CANONICAL_REQUEST = /^[A-Z]{3,20}\n\/\S*(?: \S+)*\n/;
const STRING_TO_SIGN = /^AWS4-[A-Z\d-]+\n\d{8}T\d{6}Z\n/m;

/**
 * A canonical request, a string to sign, or the one behind the other; as they are, as a log of JSON has them, or as the
 * trace that `onSigned` is given. `undefined` for what is neither.
 */
export function parseSigningTexts(text: string): PastedTexts | undefined {
  const trace = parseTrace(text);
  if (trace !== undefined) return trace;
  const lines = unescapeLines(text).replaceAll('\r\n', '\n').trim();
  const isCanonical = CANONICAL_REQUEST.test(`${lines}\n`);
  const at = lines.search(STRING_TO_SIGN);
  if (!isCanonical && at !== 0) return undefined;
  return {
    kind: 'texts',
    canonicalRequest: isCanonical ? lines.slice(0, at === -1 ? undefined : at).trimEnd() : undefined,
    stringToSign: at === -1 ? undefined : lines.slice(at).split('\n', 4).join('\n').trimEnd(),
  };
}

function parseTrace(text: string): PastedTexts | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let trace: unknown;
  try {
    trace = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof trace !== 'object' || trace === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(trace));
  const read = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const canonicalRequest = read('canonicalRequest');
  return canonicalRequest === undefined
    ? undefined
    : { kind: 'texts', canonicalRequest, stringToSign: read('stringToSign') };
}

/** In a log of JSON a text is one line, in quotes or without. */
function unescapeLines(text: string): string {
  const line = text.trim();
  if (line.includes('\n') || !line.includes('\\n')) return text;
  return unescapeJson(line.replace(/^["'](.*)["'],?$/, '$1'));
}

function toUrl(target: string, headers: HeaderLines): string {
  if (/^https?:\/\//i.test(target)) return target;
  if (!target.startsWith('/')) throw new PasteError(`The path ${target} must begin with a slash`);
  const [host] = readHeaderValues(headers, 'host');
  if (host === undefined || host === '') {
    throw new PasteError('The request has no Host: add the line Host: and the name of the server');
  }
  return `https://${host}${target}`;
}
