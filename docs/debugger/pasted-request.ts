/** What was pasted as "the request": HTTP, a command or a call, a presigned URL, an archive, or texts of its signature. */
import { parseCurlCommand, type CurlSigner } from './curl-command.js';
import { parseFetchCall } from './fetch-call.js';
import { parseHar } from './har-entry.js';
import { hasRequestLine, parseRequestText, readHeaderValues, type HeaderLines } from './http-text.js';
import { findLoggedTexts, parseSigningTexts, type PastedTexts } from './logged-texts.js';
import { PasteError } from './paste-error.js';
import { trimPasted } from './pasted-text.js';
import { unquoteText } from './printed-values.js';

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

/**
 * Reads what was pasted, whichever form it has.
 *
 * @throws PasteError for what is none of these forms
 */
export function parsePastedRequest(text: string): PastedRequest | PastedTexts {
  const start = unquoteText(trimPasted(text)).trimStart();
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
  const copied = parseHar(start)?.request ?? parseFetchCall(start);
  if (copied !== undefined) return { kind: 'request', ...copied, signer: undefined };
  const logged = hasRequestLine(start) ? undefined : findLoggedTexts(start);
  if (logged !== undefined) return logged;
  const { method, target, headers, body } = parseRequestText(start);
  return { kind: 'request', method, url: toUrl(target, headers), headers, body, signer: undefined };
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
