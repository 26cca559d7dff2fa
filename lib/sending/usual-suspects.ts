/** What a difference looks like the work of: proxies, load balancers, custom domains, encodings, in one sentence. */
import { encodeUtf8 } from '../platform/utf8.js';
import { encodeRfc3986 } from '../sigv4/encoding.js';
import { ECDSA_ALGORITHM } from '../sigv4/algorithm-name.js';
import { decodeFully, decodeOnce, splitPair, undoEscapes, type LineDifference } from './differences.js';
import { isSecretParameter, type ShowSide } from './shown-lines.js';

const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Says of a difference what the server saw, what was signed, and what does that. */
export function describeDifference(difference: LineDifference, show: ShowSide): string {
  switch (difference.kind) {
    case 'method':
      return contrast(difference, show, 'the method ', 'a proxy or a redirect has changed it');
    case 'path':
      return contrast(difference, show, 'the path ', suspectPath(difference));
    case 'query':
      return describeParameter(difference, show);
    case 'header':
      return describeHeader(difference, show);
    case 'signed headers':
      return contrast(difference, show, 'the SignedHeaders ', 'something on the way has changed the Authorization');
    case 'payload hash':
      return describePayload(difference, show);
    case 'date':
      return contrast(difference, show, 'the date ', 'something on the way has changed X-Amz-Date');
    case 'scope':
      return describeScope(difference, show);
    case 'algorithm':
      return contrast(difference, show, 'the algorithm ', suspectAlgorithm(difference));
    case 'canonical request hash':
      return 'The server computed the hash of another canonical request, which it does not show';
  }
}

function suspectAlgorithm({ ours = '', theirs = '' }: LineDifference): string {
  const isSigV4a = (algorithm: string): boolean => algorithm === ECDSA_ALGORITHM;
  if (isSigV4a(ours) === isSigV4a(theirs)) return 'it expects another kind of signature';
  return `set algorithm to '${isSigV4a(theirs) ? 'sigv4a' : 'sigv4'}'`;
}

function contrast(difference: LineDifference, show: ShowSide, what: string, suspect: string): string {
  const [ours = 'none', theirs = 'none'] = [show(difference, difference.ours), show(difference, difference.theirs)];
  return `The server saw ${what}${quote(theirs)} where ${quote(ours)} was signed: ${suspect}`;
}

function quote(text: string): string {
  return text === '' ? 'an empty one' : text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text;
}

/** A sentence has to be read; `differences` have more. */
const LONGEST_QUOTED = 120;

const DOUBLE_SLASHES = /\/{2,}/g;
const SLASH_ESCAPES = /%(?:25)*2f/gi;

/** Each kind of path that something on the way makes of another; the paths are canonical ones. */
const PATH_SUSPECTS: readonly (readonly [(ours: string, theirs: string) => boolean, string])[] = [
  [isShortened, 'a custom domain, an API stage or a proxy takes the beginning of the path away'],
  [(ours, theirs) => isShortened(theirs, ours), 'a proxy or a base path puts something before the path'],
  [compareAfter((path) => path.replace(SLASH_ESCAPES, '/')), 'a load balancer or proxy decodes %2F in the path'],
  [compareAfter((path) => path.replace(DOUBLE_SLASHES, '/')), 'a proxy merges the slashes of the path'],
  [
    compareAfter((path) => (path.endsWith('/') ? path.slice(0, -1) : path)),
    'a proxy adds or removes the slash at its end',
  ],
  [differInPlus, 'a + in the path is read as a space'],
  [
    (ours, theirs) => encodeSegments(ours) === theirs || encodeSegments(theirs) === ours,
    'the path is encoded once more on one side: a proxy encodes or decodes it, or the service is another kind (S3 ' +
      'encodes a path once, other services twice)',
  ],
  [compareAfter(decodeFully), 'a proxy decodes or encodes the path'],
  [compareAfter(resolveDots), 'a proxy resolves the . and .. of the path'],
  [compareAfter((path) => path.toLowerCase()), 'a proxy changes the letters of the path'],
];

function suspectPath({ ours = '', theirs = '' }: LineDifference): string {
  const found = PATH_SUSPECTS.find(([isIt]) => isIt(ours, theirs));
  return found?.[1] ?? describeSegment(ours.split('/'), theirs.split('/'));
}

/** Whether both come to the same where something changes them alike. */
function compareAfter(change: (text: string) => string): (ours: string, theirs: string) => boolean {
  return (ours, theirs) => change(ours) === change(theirs);
}

/** Whether two texts are the same but for a plus that one side reads as a space, or writes for one. */
function differInPlus(ours: string, theirs: string): boolean {
  return decodeFully(ours) === decodeFully(theirs) && undoEscapes(ours) !== undoEscapes(theirs);
}

/** Whether one path is the end of another, from a slash on. */
function isShortened(whole: string, end: string): boolean {
  const isRoot = end === '/' && /^\/[^/]+$/.test(whole);
  return isRoot || (end.startsWith('/') && end !== '/' && whole.length > end.length && whole.endsWith(end));
}

function encodeSegments(path: string): string {
  return path.split('/').map(encodeRfc3986).join('/');
}

function resolveDots(path: string): string {
  return new URL(`http://a${path.startsWith('/') ? path : `/${path}`}`).pathname;
}

function describeSegment(ours: readonly string[], theirs: readonly string[]): string {
  const first = ours.findIndex((segment, i) => segment !== theirs[i]);
  const index = first === -1 ? ours.length : first;
  return `a proxy has rewritten it, from segment ${String(Math.max(1, index))} on`;
}

function describeParameter(difference: LineDifference, show: ShowSide): string {
  const { name, ours, theirs } = difference;
  const shownName = quote(show({ kind: 'path', name: '' }, name) ?? '');
  if (name === '') return contrast(difference, show, 'the query ', 'its parameters are in another order');
  if (theirs === undefined) {
    return `The server did not see the query parameter ${shownName} as it was signed: something on the way removes it, or the server counts one of a name`;
  }
  if (ours === undefined) {
    return `The server saw the query parameter ${shownName}, which was not signed: something on the way adds it`;
  }
  const suspect = suspectParameter(ours, theirs);
  if (isSecretParameter(name)) return `The server saw another value of the query parameter ${shownName}: ${suspect}`;
  return contrast(difference, show, 'the query parameter ', suspect);
}

function suspectParameter(ours: string, theirs: string): string {
  if (`${ours}=` === theirs || ours === `${theirs}=`) return 'the = of an empty value is missing';
  if (differInPlus(ours, theirs)) return 'a + is read as a space';
  if (decodeOnce(ours) === theirs || decodeOnce(theirs) === ours || decodeFully(ours) === decodeFully(theirs)) {
    return 'a proxy decodes or encodes the query';
  }
  if (splitPair(theirs).value === '') return 'its value is lost on the way';
  if (ours.toLowerCase() === theirs.toLowerCase()) return 'a proxy changes the letters of the query';
  return 'something on the way changes it';
}

/** What rewrites a header, by its name. */
const REWRITERS: Readonly<Record<string, string>> = {
  host: 'a proxy, CDN or load balancer rewrites Host; sign for the host that the service sees, or have Host kept',
  'accept-encoding': 'proxies and CDNs rewrite Accept-Encoding; leave it out of signedHeaders',
  'user-agent': 'proxies rewrite User-Agent; leave it out of signedHeaders',
  'content-length': 'the body was compressed or encoded again on the way',
  'content-encoding': 'the body was compressed or decompressed on the way',
  'transfer-encoding': 'a proxy frames the body otherwise; leave Transfer-Encoding out of signedHeaders',
  connection: 'Connection is each hop’s own; leave it out of signedHeaders',
};

function describeHeader(difference: LineDifference, show: ShowSide): string {
  const { name, ours, theirs } = difference;
  const shownName = quote(show({ kind: 'path', name: '' }, name) ?? '');
  if (theirs === undefined || (theirs === '' && ours !== undefined)) {
    return `The server did not see the header ${shownName}, which was signed: something on the way removes it`;
  }
  if (ours === undefined) {
    return `The server counts the header ${shownName}, which was not signed: it was added after the signing`;
  }
  const suspect = suspectHeader(name, ours, theirs);
  const [ourLine, theirLine] = [show(difference, ours), show(difference, theirs)];
  if (ourLine === theirLine) return `The server saw another value of the header ${shownName}: ${suspect}`;
  return contrast(difference, show, 'the header ', suspect);
}

function suspectHeader(name: string, ours: string, theirs: string): string {
  const [ourItems, theirItems] = [splitList(ours), splitList(theirs)];
  if (ourItems.join() === theirItems.join()) return 'the server joins the values of a header otherwise, or white space';
  if (ourItems.length > 1 && [...ourItems].sort().join() === [...theirItems].sort().join()) {
    return 'the values of a header that is there several times are joined in another order';
  }
  if (ourItems.length > 1 && theirItems.length === 1 && ourItems.includes(theirItems[0] ?? '')) {
    return 'of a header that is there several times, only one value is counted';
  }
  if (ours.replace(/\s+/g, '') === theirs.replace(/\s+/g, '')) return 'white space in it is folded otherwise';
  if (toUtf8(ours) === theirs || toUtf8(theirs) === ours) return 'characters beyond ASCII are sent in another encoding';
  if (name === 'content-type') return suspectContentType(ours, theirs);
  return REWRITERS[name] ?? 'something on the way changes it';
}

function suspectContentType(ours: string, theirs: string): string {
  const isCharsetAdded = theirs.startsWith(ours.split(';', 1)[0] ?? '') && /;\s*charset=/i.test(theirs + ours);
  return isCharsetAdded ? 'a proxy or client changes its charset' : 'a proxy or client rewrites Content-Type';
}

function splitList(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

/** The bytes of UTF-8, each as a character. */
function toUtf8(text: string): string {
  return Array.from(encodeUtf8(text), (byte) => String.fromCharCode(byte)).join('');
}

function describePayload(difference: LineDifference, show: ShowSide): string {
  const { ours, theirs } = difference;
  if (theirs === EMPTY_HASH)
    return 'The server saw no body, where one was signed: it was dropped on the way, or by a redirect';
  if (ours === EMPTY_HASH) return 'The server saw a body, where none was signed: something on the way adds it';
  return contrast(
    difference,
    show,
    'the payload hash ',
    'the body was changed on the way: compressed, decompressed or encoded again',
  );
}

function describeScope(difference: LineDifference, show: ShowSide): string {
  return contrast(difference, show, 'the credential scope ', 'set region and service to what it expects');
}
