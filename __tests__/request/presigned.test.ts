/** Which URLs count as presigned: those with a query parameter of that very name, wherever it comes from. */
import type { AxiosRequestConfig } from 'axios';
import { aws4Sign } from '../../lib/index.js';
import { createClient, createServer, credentials, failure, scope } from '../stand-ins/test-server.js';

const server = createServer();
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toStrictEqual([]);
});

const paramsSerializer = { serialize: () => 'a=b&X-Amz-Signature=0' };

it.each<AxiosRequestConfig>([
  { url: '/a?X-Amz-Signature=0123' },
  { url: '/a?b=c&X-Amz-Signature=0123' },
  { url: '/a?X-Amz-Signature=0123&b=c#fragment' },
  { url: '/a?X-Amz-Signature=' },
  { url: '/a?X-Amz-Signature' },
  { url: '/a?X-Amz-Signature&b=c' },
  { url: '/a?&&X-Amz-Signature=0123' },
  { url: '/a?X%2DAmz%2dSignature=0123' },
  { url: '/a?%58-Amz-Signature=0123' },
  { url: '/a?b=%&X-Amz-Signature=0123' },
  { params: { 'X-Amz-Signature': '0123' } },
  { params: { b: 'c', 'X-Amz-Signature': '' } },
  { params: new URLSearchParams({ 'X-Amz-Signature': '0123' }) },
  { url: '/a?b=c', params: { 'X-Amz-Signature': '0123', d: ['e'] } },
  { params: { b: 1 }, paramsSerializer },
])('%j is presigned, and refused', async (config) => {
  const { length } = server.requests;
  const refusals = [
    failure(createClient(origin).request({ url: '/a', ...config })),
    failure(aws4Sign({ url: '/a', baseURL: origin, ...config }, { ...scope, credentials })),
  ];
  for (const error of await Promise.all(refusals)) {
    expect(error).toMatchObject({ code: 'ERR_INVALID_URL' });
    expect(String(error)).toMatch(/presigned.*X-Amz-Signature.*aws4: false/);
    expect(String(error)).not.toContain('0123');
  }
  expect(server.requests).toHaveLength(length);
});

it.each<AxiosRequestConfig>([
  { url: '/a?My-X-Amz-Signature=0123' },
  { url: '/a?X-Amz-Signature-2=0123' },
  { url: '/a?X-Amz-Signature%3D=0123' },
  { url: '/a?X-Amz-Signature%20=0123' },
  { url: '/a?b=X-Amz-Signature=0123' },
  { url: '/a?b=X-Amz-Signature' },
  { url: '/a?b=%26X-Amz-Signature%3D0123' },
  { url: '/a?next=https://b.s3.amazonaws.com/k?X-Amz-Signature%3D0123' },
  { url: '/a?b=?X-Amz-Signature=0123' },
  { url: '/X-Amz-Signature=0123' },
  { url: '/a&X-Amz-Signature=0123' },
  { url: '/a&X-Amz-Signature=0123?b=c' },
  { url: '/a%3FX-Amz-Signature=0123' },
  { url: '/a#?X-Amz-Signature=0123' },
  { params: { 'My-X-Amz-Signature': '0123', b: 'X-Amz-Signature=0123' } },
  { params: { b: '?X-Amz-Signature=0&X-Amz-Signature=1', c: ['&X-Amz-Signature='], 'X-Amz-Signature=': 1 } },
  { params: { b: 'https://b.s3.amazonaws.com/k?X-Amz-Algorithm=A&X-Amz-Signature=0123' } },
  { params: { 'X-Amz-Signature': undefined } },
  { headers: { 'X-Amz-Meta-A': 'X-Amz-Signature=0123' } },
  { method: 'post', data: 'X-Amz-Signature=0123' },
])('%j is not, and is signed', async (config) => {
  const { length } = server.verifications;
  await createClient(origin).request({ url: '/a', ...config });
  const added = server.verifications.slice(length);
  expect(added.map(({ verdict }) => (verdict.ok ? 'ok' : verdict))).toStrictEqual(['ok']);
});
