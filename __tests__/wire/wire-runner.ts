/** Sends a case signed, again, and unsigned by the same axios, and compares what arrived. */
import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios';
import {
  createRawServer,
  headerValues,
  type RawRequest,
  type Refusal,
  type VerifyOptions,
  verifySignature,
} from 'strict-sigv4-verifier';
import { aws4Interceptor } from '../../lib/index.js';
import { describeBytes, readBoundary, readFraming, readMeaning, readParts, type Meaning } from './meaning.js';
import { takeSnapshot } from './snapshot.js';
import type { TransportName, WireCase } from './wire-case.js';
import { platform } from '#platform';

/** A way to send requests, and what arrived over it. */
export interface Transport {
  readonly name: TransportName;
  readonly origin: string;
  readonly defaults: CreateAxiosDefaults;
  readonly received: readonly RawRequest[];
}

/** A server for the tests of one file, which starts and stops with them, and takes whatever arrives. */
export function recordRequests(): { ends(): Pick<Transport, 'origin' | 'received'> } {
  const server = createRawServer(() => ({ status: 200, body: 'received' }));
  let origin = '';
  beforeAll(async () => {
    ({ origin } = await server.start());
  });
  afterAll(async () => {
    await server.close();
    expect(server.failures).toStrictEqual([]);
  });
  return { ends: () => ({ origin, received: server.requests }) };
}

const credentials = {
  accessKeyId: 'ASIAWIRE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'token/of+it==',
};
const region = 'eu-west-1';

/** As strict as can be; every request has to bear the session token too. */
function verifyOptionsFor({ service, keepsEncodedSlash }: WireCase, allowUnsignedPayload: boolean): VerifyOptions {
  const isS3 = service === 's3';
  return {
    region,
    service,
    secretFor: (accessKeyId) => (accessKeyId === credentials.accessKeyId ? credentials : undefined),
    now: new Date(),
    pathEncoding: isS3 ? 'single' : 'double',
    normalizePath: !isS3,
    encodedSlash: keepsEncodedSlash ? 'slash' : 'ambiguous',
    // Without Node, the interceptor sends the header only where the service requires it.
    requireContentSha256: platform.name === 'node' || isS3,
    allowUnsignedPayload,
  };
}

/** Everything that the issue asks of one request. */
export async function checkCase(wireCase: WireCase, transport: Transport): Promise<void> {
  const client = createClient(wireCase, transport);
  const plain = createClient(wireCase, transport);
  client.interceptors.request.use(
    aws4Interceptor({ region, service: wireCase.service, credentials, ...wireCase.options }),
  );

  const config = wireCase.request(transport.origin);
  const before = takeSnapshot({ config, defaults: client.defaults });
  const [signed, response] = await capture(transport, () => client.request(config));
  expectAccepted(signed, wireCase);
  expect(takeSnapshot({ config, defaults: client.defaults })).toStrictEqual(before);

  const [unsigned] = await capture(transport, () => plain.request(wireCase.request(transport.origin)));
  expectSameMeaning(signed, unsigned, wireCase, transport);
  expectSent(signed, wireCase);

  if (wireCase.resent === 'nothing') return;
  const [again] = await capture(transport, () => client.request(response.config));
  expectAccepted(again, wireCase);
  if (wireCase.resent === undefined) {
    expect(readSignedMeaning(again, wireCase)).toStrictEqual(readSignedMeaning(signed, wireCase));
  }
}

function createClient({ defaults }: WireCase, { origin, defaults: ofTransport }: Transport): AxiosInstance {
  return axios.create({ baseURL: origin, ...ofTransport, ...defaults?.(origin) });
}

async function capture<T>({ received }: Transport, send: () => Promise<T>): Promise<readonly [RawRequest, T]> {
  const count = received.length;
  const result = await send();
  expect(received.length).toBe(count + 1);
  const request = received.at(-1);
  if (request === undefined) throw new Error('Nothing arrived');
  return [request, result];
}

function expectAccepted(request: RawRequest, wireCase: WireCase): void {
  const contentSha256 = wireCase.sends?.headers?.['x-amz-content-sha256'] ?? [];
  const verdict = verifySignature(request, verifyOptionsFor(wireCase, contentSha256.includes('UNSIGNED-PAYLOAD')));
  if (!verdict.ok) throw new Error(describeRefusal(verdict, request));
  const mustBeSigned = request.headers
    .map(([name]) => name.toLowerCase())
    .filter((name) => /^(?:host|content-type|x-amz-.*)$/.test(name));
  expect(verdict.signedHeaders).toEqual(expect.arrayContaining(mustBeSigned));
}

function describeRefusal({ code, message, canonicalRequest }: Refusal, request: RawRequest): string {
  const { method, target, headers, body } = request;
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const sent = [`${method} ${target}`, ...lines, '', body.toString('latin1', 0, 500)].join('\n');
  return [`${code}: ${message}`, 'Sent:', sent, 'Expected:', canonicalRequest ?? ''].join('\n');
}

const readSignedMeaning = (request: RawRequest, { service }: WireCase): Meaning =>
  readMeaning(request, { path: service === 's3' ? 'whole' : 'segments', plus: 'plus' });

function expectSameMeaning(signed: RawRequest, unsigned: RawRequest, wireCase: WireCase, { name }: Transport): void {
  expect(signed.target.split('?').slice(1).join('?')).not.toContain('+');
  const { plainCorrupts = [] } = wireCase;
  const isCorrupted = plainCorrupts === 'everywhere' || plainCorrupts.includes(name);
  const meaning = readSignedMeaning(signed, wireCase);
  const plain = readMeaning(unsigned, { path: Array.isArray(meaning.path) ? 'segments' : 'whole', plus: 'space' });
  const right = isCorrupted ? { body: meaning.body, contentType: meaning.contentType } : {};
  const headers = joinLists(name === 'socketPath' ? withHostOf(plain.headers, meaning.headers) : plain.headers);
  expect({ ...meaning, headers: joinLists(meaning.headers) }).toStrictEqual({ ...plain, ...right, headers });

  // HTTP/2 delimits bodies by frames.
  if (isCorrupted || name === 'http2') return;
  const framings = [readFraming(unsigned), ...(wireCase.resent === 'nothing' ? [] : [bufferedFraming(unsigned)])];
  expect(framings).toContain(readFraming(signed));
}

/** A list goes out in one line, where plain axios sends several over some adapters. */
const joinLists = (headers: Meaning['headers']): Meaning['headers'] =>
  headers.map(([name, values]) => [name, [values.join(name === 'cookie' ? '; ' : ',').replace(/,[ \t]+/g, ',')]]);

/** What a request over a Unix socket has as Host where nobody says one: by the follow-redirects package, and by Node itself. */
const STANDS_FOR_NO_HOST: ReadonlySet<string> = new Set(['[::1]', 'localhost']);

/** Over a Unix socket plain axios names a host that nobody asked for (`[::1]`); the URL's is as good. */
function withHostOf(headers: Meaning['headers'], others: Meaning['headers']): Meaning['headers'] {
  const [host = []] = others.filter(([name]) => name === 'host').map(([, values]) => values);
  return headers.map(([name, values]) =>
    name === 'host' && STANDS_FOR_NO_HOST.has(values[0] ?? '') ? [name, host] : [name, values],
  );
}

/** A stream that was read into memory has a length. */
const bufferedFraming = (unsigned: RawRequest): string =>
  readFraming(unsigned) === 'chunked' ? 'length' : readFraming(unsigned);

function expectSent(signed: RawRequest, { sends = {} }: WireCase): void {
  for (const [name, values] of Object.entries(sends.headers ?? {})) {
    expect([name, headerValues(signed.headers, name)]).toStrictEqual([name, values]);
  }
  if (sends.body !== undefined) expect(describeBytes(signed.body)).toStrictEqual(describeBytes(sends.body));
  if (sends.parts !== undefined) {
    const boundary = readBoundary(signed);
    expect(boundary).toBeDefined();
    expect(readParts(signed.body, boundary ?? '')).toStrictEqual(sends.parts);
  }
}
