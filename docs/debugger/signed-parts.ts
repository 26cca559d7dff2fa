/** What was signed of a request that was pasted with its signature: "Create a signed AWS API request", read backwards. */
import { decodeOnce, parseCanonicalRequest } from '../../lib/sending/differences.js';
import type { EchoedTexts } from '../../lib/sending/echoed-texts.js';
import { formatAmzDate } from '../../lib/sigv4/amz-date.js';
import {
  canonicalizeHeaderValue,
  createCanonicalPath,
  createCanonicalQuery,
  createCanonicalRequest,
  createStringToSign,
  joinHeaderLines,
  splitUrl,
} from '../../lib/sigv4/canonical-request.js';
import { hashBody, UNSIGNED_PAYLOAD } from '../../lib/sigv4/payload-hash.js';
import { UNLIMITED_SERVICE } from '../../lib/sigv4/presigned-url.js';
import type { HttpHeaders } from '../../lib/sigv4/request-headers.js';
import { isS3Kin, rulesFor } from '../../lib/sigv4/service-rules.js';
import type { SigningTrace } from '../../lib/sigv4/signing-stages.js';
import { readDate } from '../../lib/time/request-date.js';
import { readHeaderValues, toHeaderObject } from './http-text.js';
import { PasteError } from './paste-error.js';
import type { PastedRequest } from './pasted-request.js';
import { adoptRedacted } from './redacted-values.js';

/** What was signed. */
export interface SignedParts {
  readonly trace: SigningTrace;
  /** The request's own; of a canonical request, those that are in it. */
  readonly headers: HttpHeaders;
  readonly service: string;
  readonly region: string;
  /** What had to be assumed, in sentences. */
  readonly notes: readonly string[];
}

/** What an Authorization header or the query of a presigned URL says. */
interface Credential {
  readonly algorithm: string;
  readonly scope: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Of a presigned URL. */
  readonly query: ReadonlyMap<string, string> | undefined;
}

/**
 * Computes the canonical request and the string to sign of a request, as its service has to.
 *
 * @param echo what the server computed: of several ways to read the body that was pasted, the one that gives its payload
 * hash counts
 * @throws PasteError for a request that is not signed
 */
export function readSignedRequest(request: PastedRequest, echo: EchoedTexts): SignedParts {
  const { host, path, query } = splitUrl(request.url.replace(/^ws(?=s?:)/i, 'http'));
  const credential = readAuthorization(request) ?? readQuery(query);
  if (credential === undefined) {
    throw new PasteError(
      'The request has no signature: paste it as it was sent, with its Authorization header (AWS4-HMAC-SHA256 ...) or ' +
        'the X-Amz-Signature of its query',
    );
  }
  const { algorithm, scope, region, service, signedHeaders, signature } = credential;
  const notes: string[] = [];
  const seen = echo.canonicalRequest === undefined ? undefined : parseCanonicalRequest(echo.canonicalRequest);
  const lines = signedHeaders
    .map((name) => `${name}:${readSignedValue(request, name, host) ?? assumeValue(name, seen?.headers, notes)}\n`)
    .join('');
  const payload = choosePayload(request, credential, seen?.payloadHash);
  if (payload.note !== undefined) notes.push(payload.note);
  const computed = createCanonicalRequest({
    method: request.method.toUpperCase(),
    path: createCanonicalPath(path, rulesFor(service)),
    query: createCanonicalQuery(takeSigned(query, service)),
    headers: { lines, signedHeaders: signedHeaders.join(';') },
    payloadHash: payload.hash,
  });
  const canonicalRequest = adoptRedacted(computed, echo.canonicalRequest, notes);
  const stringToSign = createStringToSign(readAmzDate(request, credential), scope, canonicalRequest);
  const trace = {
    canonicalRequest,
    stringToSign: stringToSign.replace(/^.*/, () => algorithm),
    signature,
    signedHeaders: signedHeaders.join(';'),
    scope,
  };
  const [authorization] = readHeaderValues(request.headers, 'authorization');
  const headers = { ...toHeaderObject(request.headers), Authorization: authorization };
  return { trace, headers, service, region, notes };
}

function readAuthorization({ headers }: PastedRequest): Credential | undefined {
  const text = readHeaderValues(headers, 'authorization').find((value) => value.startsWith('AWS4-'));
  if (text === undefined) return undefined;
  const read = (name: string): string => new RegExp(`\\b${name}=\\s*([^,\\s]+)`).exec(text)?.[1] ?? '';
  const [regionSet] = readHeaderValues(headers, 'x-amz-region-set');
  return toCredential(
    text.split(/\s/, 1)[0] ?? '',
    read('Credential'),
    read('SignedHeaders'),
    read('Signature'),
    regionSet,
  );
}

function readQuery(query: string): Credential | undefined {
  const parameters = toParameters(query);
  const signature = parameters.get('x-amz-signature');
  if (signature === undefined) return undefined;
  const read = (name: string): string => parameters.get(name) ?? '';
  const [algorithm, owner, names] = ['x-amz-algorithm', 'x-amz-credential', 'x-amz-signedheaders'].map(read);
  const credential = toCredential(
    algorithm ?? '',
    owner ?? '',
    names ?? '',
    signature,
    parameters.get('x-amz-region-set'),
  );
  return { ...credential, query: parameters };
}

function toCredential(
  algorithm: string,
  credential: string,
  names: string,
  signature: string,
  regionSet: string | undefined,
): Credential {
  const [, scope, places = ''] = /^.+?\/(\d{8}\/(.+)\/aws4_request)$/.exec(credential) ?? [];
  // A region set (SigV4a) stands in a header of its own.
  const [region, service] = regionSet === undefined ? places.split('/') : [regionSet, places];
  if (scope === undefined || region === undefined || service === undefined) {
    throw new PasteError(
      'The Credential of the signature is not whole: it is ACCESSKEYID/YYYYMMDD/region/service/aws4_request',
    );
  }
  if (names === '') throw new PasteError('The signature has no SignedHeaders');
  const signedHeaders = names.toLowerCase().split(';');
  return { algorithm, scope, region, service, signedHeaders, signature, query: undefined };
}

/** The parameters of a query by their names in lower case, decoded. */
export function toParameters(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [decodeOnce(name).toLowerCase(), decodeOnce(value.join('='))] as const;
  });
  return new Map(pairs);
}

/** A query without its signature; AWS IoT does not sign the token either, which stands behind it. */
function takeSigned(query: string, service: string): string {
  const unsigned = service === UNLIMITED_SERVICE ? /^X-Amz-(?:Signature|Security-Token)=/i : /^X-Amz-Signature=/i;
  return query
    .split('&')
    .filter((pair) => !unsigned.test(pair))
    .join('&');
}

function readSignedValue({ headers, body }: PastedRequest, name: string, host: string): string | undefined {
  const values = readHeaderValues(headers, name);
  if (values.length > 0) {
    return joinHeaderLines(
      name,
      values.map((value) => canonicalizeHeaderValue(name, value)),
    );
  }
  if (name === 'host') return host;
  return name === 'content-length' ? String(new TextEncoder().encode(body).length) : undefined;
}

/** A header that was signed and not pasted: as the server saw it, and where it saw none either, another than that. */
function assumeValue(name: string, seen: ReadonlyMap<string, string> | undefined, notes: string[]): string {
  const value = seen?.get(name) ?? '';
  const how = value === '' ? 'its value is not known' : 'it counts as the server saw it';
  notes.push(`SignedHeaders names ${name}, which the request as it was pasted does not have: ${how}.`);
  return seen !== undefined && value === '' ? '(not in the request)' : value;
}

function readAmzDate({ headers }: PastedRequest, { query }: Credential): string {
  const [text] = [
    ...[query?.get('x-amz-date') ?? []].flat(),
    ...readHeaderValues(headers, 'x-amz-date'),
    ...readHeaderValues(headers, 'date'),
  ];
  if (text === undefined) {
    throw new PasteError('The request has no date: paste it as it was sent, with its X-Amz-Date header');
  }
  const ms = readDate(text);
  return ms === undefined ? text : formatAmzDate(ms);
}

/** What stands for the body: what the request says, or the hash of what was pasted. */
function choosePayload(
  request: PastedRequest,
  { query, service }: Credential,
  seen: string | undefined,
): { readonly hash: string; readonly note?: string } {
  const [told] = readHeaderValues(request.headers, 'x-amz-content-sha256');
  if (told !== undefined) return { hash: told };
  if (query !== undefined && isS3Kin(service)) return { hash: query.get('x-amz-content-sha256') ?? UNSIGNED_PAYLOAD };
  if (isBodyLeftOut(request)) {
    const how = seen === undefined ? 'it counts as empty' : 'it counts as the server saw it, and is not compared';
    return { hash: seen ?? hashBody(''), note: `The request had a body, which was not pasted: ${how}.` };
  }
  const readings = listReadings(request);
  const [first = ''] = readings;
  const proved = readings.find((body) => hashBody(body) === seen);
  if (proved !== undefined) return { hash: hashBody(proved) };
  return first === ''
    ? { hash: hashBody(first) }
    : { hash: hashBody(first), note: 'The payload hash is that of the body as it was pasted here, byte for byte.' };
}

/** Whether the request had a body, and was pasted without it: logs and `curl --verbose` show none. */
function isBodyLeftOut({ headers, body }: PastedRequest): boolean {
  const [length, coding] = ['content-length', 'transfer-encoding'].map((name) => readHeaderValues(headers, name)[0]);
  return body.trim() === '' && (Number(length ?? 0) > 0 || coding !== undefined);
}

/** A body as it may have been before it was pasted: with or without the line end behind it, with line ends of CRLF. */
function listReadings({ body, headers }: PastedRequest): readonly string[] {
  const lines = body.replace(/\r?\n$/, '');
  const all = [lines, body, ...[lines, body].map((text) => text.replace(/\r?\n/g, '\r\n'))];
  const [length] = readHeaderValues(headers, 'content-length');
  const fitting = all.filter((text) => String(new TextEncoder().encode(text).length) === length);
  return [...fitting, ...all];
}
