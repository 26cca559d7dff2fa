/**
 * AWS's own SigV4 suite (fixtures/aws-sigv4-suite.json): canonical request, string to sign and signature, each asserted
 * alone, for the signature in a header and for the one in the query.
 */
import { createHash } from 'node:crypto';
import suite from '../../fixtures/aws-sigv4-suite.json';
import {
  canonicalizeHeaderValue,
  createCanonicalHeaders,
  createCanonicalPath,
  createCanonicalQuery,
  createCanonicalRequest,
  createStringToSign,
} from '../../lib/sigv4/canonical-request.js';
import { SigningKey, signRequest, type SignedRequest } from '../../lib/sigv4/index.js';

type SuiteCase = (typeof suite.cases)[number];

/** Reads a request as a server would, with folded lines (RFC 9112, section 5.2) as the spaces that they stand for. */
function parseRequest(text: string): {
  method: string;
  target: string;
  headers: Record<string, string | string[]>;
  body: string;
} {
  const end = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = (end === -1 ? text : text.slice(0, end))
    .trimEnd()
    .replace(/\n[ \t]+/g, '   ')
    .split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1);
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return { method, target, headers, body: end === -1 ? '' : text.slice(end + 2) };
}

const lowerNames = (headers: object): object =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as unknown]));

function signCase({ context, request }: SuiteCase): SignedRequest {
  const { method, target, headers, body } = parseRequest(request);
  return signRequest(
    { method, url: `https://example.amazonaws.com${target}`, headers, body },
    {
      region: context.region,
      service: context.service,
      credentials: context.credentials,
      date: new Date(context.date),
      normalizePath: context.normalize,
      contentSha256Header: context.signBody,
      omitSessionToken: context.omitSessionToken,
      // The suite's signer signs every header, those that a proxy rewrites too.
      signedHeaders: ['*', 'content-length'],
    },
  );
}

it('has all the cases', () => {
  expect(suite.cases).toHaveLength(38);
});

const cases = suite.cases.map((suiteCase) => [suiteCase.name, suiteCase] as const);

describe.each(cases)('%s', (_, suiteCase) => {
  const { header } = suiteCase;
  it('has the canonical request', () => {
    expect(signCase(suiteCase).trace.canonicalRequest).toBe(header.canonicalRequest);
  });
  it('has the string to sign', () => {
    expect(signCase(suiteCase).trace.stringToSign).toBe(header.stringToSign);
  });
  it('has the signature', () => {
    expect(signCase(suiteCase).trace.signature).toBe(header.signature);
  });
  it('has the headers of the signed request', () => {
    const expected = parseRequest(header.signedRequest).headers;
    expect(lowerNames(signCase(suiteCase).headers)).toStrictEqual(lowerNames(expected));
  });
});

/**
 * What a service makes of the suite's presigned request: all of its query is signed but for the signature, and, where
 * the signer left the token out, for the token.
 */
function recreateQuerySigning({ context, query }: SuiteCase) {
  const { method, target, headers, body } = parseRequest(query.signedRequest);
  const [, path = '', search = ''] = /^([^?]*)\?(.*)$/.exec(target) ?? [];
  const isUnsigned = context.omitSessionToken ? /^X-Amz-(Signature|Security-Token)=/ : /^X-Amz-Signature=/;
  const signed = search.split('&').filter((pair) => !isUnsigned.test(pair));
  const canonicalRequest = createCanonicalRequest({
    method,
    path: createCanonicalPath(path, { normalizePath: context.normalize, doubleEncodePath: true }),
    query: createCanonicalQuery(signed.join('&')),
    headers: createCanonicalHeaders(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), canonicalizeHeaderValue(name, value)]),
    ),
    payloadHash: createHash('sha256').update(body).digest('hex'),
  });
  const amzDate = context.date.replace(/[-:]/g, '');
  const key = new SigningKey(context.credentials.secretAccessKey, {
    date: amzDate.slice(0, 8),
    region: context.region,
    service: context.service,
  });
  const stringToSign = createStringToSign(amzDate, key.scope, canonicalRequest);
  return { canonicalRequest, stringToSign, signature: key.sign(stringToSign) };
}

// Nothing signs in the query yet; what a signature there is made of is here already.
describe.each(cases)('%s, signed in its query', (_, suiteCase) => {
  const { query } = suiteCase;
  it('has the canonical request', () => {
    expect(recreateQuerySigning(suiteCase).canonicalRequest).toBe(query.canonicalRequest);
  });
  it('has the string to sign', () => {
    expect(recreateQuerySigning(suiteCase).stringToSign).toBe(query.stringToSign);
  });
  it('has the signature', () => {
    expect(recreateQuerySigning(suiteCase).signature).toBe(query.signature);
  });
});
