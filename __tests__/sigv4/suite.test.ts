/**
 * AWS's own SigV4 suite (fixtures/aws-sigv4-suite.json): canonical request, string to sign and signature, each asserted
 * alone, for the signature in a header and for the one in the query.
 */
import suite from '../../fixtures/aws-sigv4-suite.json';
import { presignUrl, signRequest, type PresignedUrl, type SignedRequest } from '../../lib/sigv4/index.js';

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

function presignCase({ context, request }: SuiteCase): PresignedUrl {
  const { method, target, headers, body } = parseRequest(request);
  return presignUrl(
    { method, url: `https://example.amazonaws.com${target}`, headers, body },
    {
      region: context.region,
      service: context.service,
      credentials: context.credentials,
      date: new Date(context.date),
      normalizePath: context.normalize,
      omitSessionToken: context.omitSessionToken,
      expiresIn: context.expirationInSeconds,
    },
  );
}

describe.each(cases)('%s, signed in its query', (_, suiteCase) => {
  const { query } = suiteCase;
  it('has the canonical request', () => {
    expect(presignCase(suiteCase).trace.canonicalRequest).toBe(query.canonicalRequest);
  });
  it('has the string to sign', () => {
    expect(presignCase(suiteCase).trace.stringToSign).toBe(query.stringToSign);
  });
  it('has the signature', () => {
    expect(presignCase(suiteCase).trace.signature).toBe(query.signature);
  });
  it('has the path, the query and the headers of the signed request', () => {
    const { url, headers } = presignCase(suiteCase);
    const expected = parseRequest(query.signedRequest);
    const [path, search = ''] = expected.target.split('?');
    const own = parseRequest(suiteCase.request).target.split('?')[1];
    expect(url.slice('https://example.amazonaws.com'.length)).toMatch(`${String(path)}?${own ?? ''}`);
    expect(new Set(new URL(url).searchParams)).toStrictEqual(new Set(new URLSearchParams(search)));
    expect(lowerNames(headers)).toStrictEqual(lowerNames(expected.headers));
  });
});
