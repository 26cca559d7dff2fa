/** presignUrl of SigV4a: the published canonical request, and URLs that a verifier takes. */
import { presigned } from '../../fixtures/sigv4a.json';
import { presignUrl, type PresignUrlOptions } from '../../lib/sigv4a/index.js';
import { credentials, temporary } from '../stand-ins/test-server.js';
import { describeVerdict, verifySigned } from '../stand-ins/verify-signed.js';

const { accessKeyId, secretAccessKey, service, regionSet, expiresIn } = presigned;
const published = {
  region: regionSet,
  service,
  credentials: { accessKeyId, secretAccessKey },
  date: new Date(presigned.date),
  expiresIn,
} as const satisfies PresignUrlOptions;
const options = { ...published, credentials } as const;
const get = { method: 'GET', url: 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a%20b?x=1' } as const;
const parameterOf = (url: string, name: string): string | undefined =>
  new RegExp(`[?&]X-Amz-${name}=([^&]*)`).exec(url)?.[1];

it('has the canonical request and the string to sign that aws-crt has, and makes a signature that holds', () => {
  const signed = presignUrl({ method: 'GET', url: presigned.url }, published);
  expect(signed.trace).toMatchObject({
    canonicalRequest: presigned.canonicalRequest,
    stringToSign: presigned.stringToSign,
  });
  expect(describeVerdict(verifySigned({ method: 'GET', ...signed }, { secretAccessKey }))).toBe('ok');
  const known = signed.url.replace(signed.trace.signature, presigned.signature);
  expect(describeVerdict(verifySigned({ method: 'GET', url: known, headers: {} }, { secretAccessKey }))).toBe('ok');
});

it('has the set of regions in the query, encoded, and in no header', () => {
  for (const [region, expected] of [
    ['*', '%2A'],
    ['us-*,eu-west-1', 'us-%2A%2Ceu-west-1'],
  ] as const) {
    const signed = presignUrl({ ...get, headers: { 'X-Amz-Region-Set': 'us-west-2' } }, { ...options, region });
    expect(parameterOf(signed.url, 'Region-Set')).toBe(expected);
    expect(parameterOf(signed.url, 'Credential')).toBe('AKIDEXAMPLE%2F20130524%2Fs3%2Faws4_request');
    expect(signed.headers).toStrictEqual({});
    expect(describeVerdict(verifySigned({ ...get, ...signed }, credentials))).toBe('ok');
  }
});

it('has a session token in the query, signed', () => {
  const signed = presignUrl(get, { ...options, credentials: temporary });
  expect(parameterOf(signed.url, 'Security-Token')).toBe(encodeURIComponent(temporary.sessionToken));
  expect(describeVerdict(verifySigned({ ...get, ...signed }, temporary))).toBe('ok');
});

it('signs all headers, and the body of a service that is not S3', () => {
  const request = {
    method: 'POST',
    url: 'https://abc.endpoint.events.amazonaws.com/',
    headers: { 'X-A': '1' },
    body: '{}',
  };
  const signed = presignUrl(request, { ...options, service: 'events' });
  const rules = {
    service: 'events',
    pathEncoding: 'double',
    normalizePath: true,
    requireContentSha256: false,
  } as const;
  expect(signed.trace.signedHeaders).toBe('host;x-a');
  expect(describeVerdict(verifySigned({ ...request, ...signed }, credentials, rules))).toBe('ok');
  expect(verifySigned({ ...request, ...signed, body: '{ }' }, credentials, rules)).toMatchObject({ ok: false });
});

it('replaces what an earlier presigning left', () => {
  const first = presignUrl(get, { ...options, credentials: temporary, region: 'us-east-1' });
  const second = presignUrl({ ...get, url: first.url }, options);
  expect(second.url.match(/X-Amz-Region-Set/g)).toHaveLength(1);
  expect(describeVerdict(verifySigned({ ...get, ...second }, credentials))).toBe('ok');
});

it('is good for 900 seconds where nothing is said', () => {
  expect(parameterOf(presignUrl(get, { ...options, expiresIn: undefined }).url, 'Expires')).toBe('900');
});
