/** AWS's own signing suite: the verifier accepts what AWS signed, and nothing else. */
import suite from '../../../fixtures/aws-sigv4-suite.json';
import type { HeaderLine, RawRequest } from '../src/raw-request.js';
import { isPresigned, verifyPresignedUrl } from '../src/verify-presigned-url.js';
import { verifySignature, type VerifyOptions } from '../src/verify-signature.js';
import { codeOf, toBytes } from './signed-requests.js';

type SuiteCase = (typeof suite.cases)[number];

/** The bytes of a text, one a character, as the verifier has them off the wire. */
const toLatin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** The suite's requests are HTTP with bare newlines; a folded line belongs to the one before (RFC 9112, 5.2). */
const parseSuiteRequest = (text: string): RawRequest => {
  const end = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = text
    .slice(0, end)
    .replace(/\n(?=[ \t])/g, ' ')
    .split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers = lines.map((line): HeaderLine => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return { method, target, headers, body: toBytes(text.slice(end + 2)), scheme: 'https' };
};

const readSigned = ({ header }: SuiteCase): RawRequest => parseSuiteRequest(toLatin1(header.signedRequest));
const readPresigned = ({ query }: SuiteCase): RawRequest => parseSuiteRequest(toLatin1(query.signedRequest));

/** The suite's paths hold no percent signs and are encoded once from their raw bytes: that is 'double' here. */
const toSuiteOptions = ({ context }: SuiteCase): VerifyOptions => {
  const { accessKeyId, secretAccessKey, sessionToken } = context.credentials;
  const known = { secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  return {
    secretFor: (candidate) => (candidate === accessKeyId ? known : undefined),
    region: context.region,
    service: context.service,
    now: new Date(context.date),
    pathEncoding: 'double',
    normalizePath: context.normalize,
    requireContentSha256: context.signBody,
  };
};

describe("AWS's signing suite", () => {
  const cases = suite.cases.map((suiteCase) => [suiteCase.name, suiteCase] as const);
  const casesOf = (isWanted: (name: string) => boolean) => cases.filter(([name]) => isWanted(name));
  // Two of the strict rules are stricter than the suite: targets are percent-encoded, and the token is signed.
  const unencoded = ['get-space-normalized', 'get-space-unnormalized', 'get-utf8', 'get-vanilla-utf8-query'];
  const unsignedToken = 'post-sts-header-after';

  it('has its 38 cases', () => {
    const names = cases.map(([name]) => name);
    expect(names).toHaveLength(38);
    expect(names).toEqual(expect.arrayContaining([...unencoded, unsignedToken]));
  });

  it.each(cases)('accepts %s', (name, suiteCase) => {
    const verdict = verifySignature(readSigned(suiteCase), {
      ...toSuiteOptions(suiteCase),
      ...(unencoded.includes(name) ? { targetForm: 'any' } : {}),
      ...(name === unsignedToken ? { mayBeUnsigned: ['x-amz-security-token'] } : {}),
    });
    const { canonicalRequest, stringToSign, signature } = suiteCase.header;
    expect(verdict).toMatchObject({ ok: true, canonicalRequest: toLatin1(canonicalRequest), stringToSign, signature });
  });

  it.each(cases)('refuses %s with another secret', (_, suiteCase) => {
    const verdict = verifySignature(readSigned(suiteCase), {
      ...toSuiteOptions(suiteCase),
      secretFor: () => ({ ...suiteCase.context.credentials, secretAccessKey: 'another' }),
      targetForm: 'any',
      mayBeUnsigned: ['x-amz-security-token'],
    });
    expect(codeOf(verdict)).toBe('SignatureDoesNotMatch');
  });

  it.each(casesOf((name) => unencoded.includes(name)))('refuses %s under the default rules', (_, suiteCase) => {
    expect(codeOf(verifySignature(readSigned(suiteCase), toSuiteOptions(suiteCase)))).toBe('InvalidURI');
  });

  it.each(casesOf((name) => name === unsignedToken))('refuses %s under the default rules', (_, suiteCase) => {
    expect(codeOf(verifySignature(readSigned(suiteCase), toSuiteOptions(suiteCase)))).toBe('AccessDenied');
  });

  const unnormalized = casesOf((name) => name.endsWith('-unnormalized') && !name.startsWith('get-space'));
  it.each(unnormalized)('refuses %s where the path is normalised', (_, suiteCase) => {
    const options = { ...toSuiteOptions(suiteCase), normalizePath: true };
    expect(codeOf(verifySignature(readSigned(suiteCase), options))).toBe('SignatureDoesNotMatch');
  });
});

describe("AWS's signing suite, signed in the query", () => {
  const cases = suite.cases.map((suiteCase) => [suiteCase.name, suiteCase] as const);
  const unsignedToken = 'post-sts-header-after';
  const verify = (request: RawRequest, suiteCase: SuiteCase, changes: Partial<VerifyOptions> = {}) =>
    verifyPresignedUrl(request, {
      ...toSuiteOptions(suiteCase),
      targetForm: 'any',
      ...(suiteCase.name === unsignedToken ? { mayBeUnsigned: ['x-amz-security-token'] } : {}),
      ...changes,
    });
  const change = (request: RawRequest, from: RegExp, to: string): RawRequest => {
    const target = request.target.replace(from, to);
    expect(target).not.toBe(request.target);
    return { ...request, target };
  };

  it.each(cases)('accepts %s', (_, suiteCase) => {
    const request = readPresigned(suiteCase);
    const { canonicalRequest, stringToSign, signature } = suiteCase.query;
    expect(isPresigned(request)).toBe(true);
    expect(verify(request, suiteCase)).toMatchObject({
      ok: true,
      canonicalRequest: toLatin1(canonicalRequest),
      stringToSign,
      signature,
    });
  });

  it.each(cases)('refuses %s where anything of it is changed', (_, suiteCase) => {
    const request = readPresigned(suiteCase);
    const refusals: readonly (readonly [RawRequest, string, Partial<VerifyOptions>?])[] = [
      [{ ...request, method: 'DELETE' }, 'SignatureDoesNotMatch'],
      [{ ...request, body: toBytes('other') }, 'SignatureDoesNotMatch'],
      [{ ...request, target: `${request.target}&a=b` }, 'SignatureDoesNotMatch'],
      [{ ...request, target: `${request.target}&X-Amz-Date=20150830T123600Z` }, 'AuthorizationHeaderMalformed'],
      [{ ...request, headers: [...request.headers, ['X-Amz-Date', '20150830T123600Z']] }, 'AccessDenied'],
      [change(request, /Expires=3600/, 'Expires=3601'), 'SignatureDoesNotMatch'],
      [change(request, /Expires=3600/, 'Expires=604801'), 'AuthorizationHeaderMalformed'],
      [change(request, /Expires=3600/, 'Expires=0'), 'AuthorizationHeaderMalformed'],
      [change(request, /&X-Amz-Expires=3600/, ''), 'AuthorizationHeaderMalformed'],
      [change(request, /Signature=[0-9a-f]/, 'Signature=x'), 'AuthorizationHeaderMalformed'],
      [
        request,
        'SignatureDoesNotMatch',
        { secretFor: () => ({ ...suiteCase.context.credentials, secretAccessKey: 'b' }) },
      ],
      [request, 'InvalidToken', { secretFor: () => ({ secretAccessKey: 'a', sessionToken: 'another' }) }],
      [request, 'InvalidClientTokenId', { secretFor: () => undefined }],
      [request, 'AuthorizationHeaderMalformed', { region: 'eu-west-1' }],
      [request, 'SignatureDoesNotMatch', { now: new Date('2015-08-30T13:36:01Z') }],
      [request, 'AccessDenied', { now: new Date('2015-08-30T13:36:01Z'), pathEncoding: 'single' }],
      [request, 'SignatureDoesNotMatch', { now: new Date('2015-08-30T12:20:59Z') }],
    ];
    for (const [changed, code, options] of refusals) expect(codeOf(verify(changed, suiteCase, options))).toBe(code);
  });
});
