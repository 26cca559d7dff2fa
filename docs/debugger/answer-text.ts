/** A server's answer as it was before an SDK, a log or a browser told of it. */
import { SIGNATURE_WORDS, unescapeEntities } from '../../lib/sending/refusal-details.js';
import { parseHar } from './har-entry.js';
import { parseResponseText, type ResponseText } from './http-text.js';
import { trimPasted } from './pasted-text.js';
import { isPrintedObject, readPrintedMembers, unquoteText, type PrintedMembers } from './printed-values.js';

/**
 * Reads an answer, whichever form it has.
 *
 * @throws PasteError which names the line that is not HTTP
 */
export function parseAnswer(text: string): ResponseText {
  const trimmed = trimPasted(text);
  const archived = parseHar(trimmed)?.response;
  const answer = archived ?? parseResponseText(isDocumentEscaped(trimmed) ? unescapeEntities(trimmed) : trimmed);
  return { ...answer, body: recoverBody(answer.body) };
}

/** The document or the words of the server, without what stands around them. */
function recoverBody(text: string): string {
  const body = unquoteText(text);
  if (isPrintedObject(body)) return recoverPrinted(readPrintedMembers(body));
  const at = body.search(DOCUMENT);
  if (at !== -1) return body.slice(at);
  const code = TOLD_CODES.map((words) => words.exec(body)?.[1]).find((each) => each !== undefined);
  return code === undefined || /^\s*[{["<]/.test(body) ? body : JSON.stringify({ code, message: body });
}

const DOCUMENT = /<(?:Error|ErrorResponse)[\s>]/;

/** An error that was printed bears more texts than the server's: its document counts, or its words of the signature. */
function recoverPrinted(members: PrintedMembers): string {
  const document = members.map(([, value]) => value).find((value) => DOCUMENT.test(value));
  if (document !== undefined) return document.slice(document.search(DOCUMENT));
  const words = members.find(([, value]) => SIGNATURE_WORDS.test(value))?.[1];
  return JSON.stringify({
    ...Object.fromEntries(members.toReversed()),
    ...(words !== undefined && { message: words }),
  });
}

function isDocumentEscaped(text: string): boolean {
  return /&lt;(?:Error|ErrorResponse)(?:\s|&gt;)/.test(text) && !DOCUMENT.test(text);
}

/** How the AWS CLI, boto3 and the AWS SDKs say a code: in their errors' words, for Java behind them, else before them. */
const TOLD_CODES: readonly RegExp[] = [
  /\bAn error occurred \((\w+)\)/,
  /\bError Code: (\w+)/,
  /\bapi error (\w+):/,
  /^(?:[\w.]+Error: |Uncaught )*([A-Z]\w+): /,
];
