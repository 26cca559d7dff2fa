/**
 * Who runs in the benchmark. Each signs the same request, is called as its documentation says, dates each request, and
 * finds its signing key cached. What is timed makes plain literals: a spread would cost more than a hash.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac, hash } from 'node:crypto';
import { createRequire } from 'node:module';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import { AwsV4Signer } from 'aws4fetch';
import { signRequest } from '../dist/sigv4.js';

const region = 'eu-west-1';
const service = 'execute-api';
const host = 'abc123.execute-api.eu-west-1.amazonaws.com';
const path = '/prod/items';
const params = { limit: '25', after: '2026-11-22T08:00:00Z', sort: 'name' };
const pathAndQuery = `${path}?limit=25&after=2026-11-22T08%3A00%3A00Z&sort=name`;
const url = `https://${host}${pathAndQuery}`;
const data = { id: 'item-1', tags: ['a', 'b'], text: 'x'.repeat(158) };
const body = JSON.stringify(data);
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE'.repeat(42).slice(0, 700),
};
const options = { region, service, credentials };
assert.equal(body.length, 200);

// --- Signers alone.

/** All sign the same four headers: host, content-type, x-amz-date and x-amz-security-token. */
export async function createSigners() {
  const smithy = createSmithy(false);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const cache = new Map();
  const extraHeadersToIgnore = { 'content-length': true };
  const signers = {
    signRequest: signOurs,
    aws4: () => {
      const headers = { 'Content-Type': 'application/json' };
      const request = {
        method: 'POST',
        host,
        path: pathAndQuery,
        headers,
        body,
        region,
        service,
        extraHeadersToIgnore,
      };
      return aws4.sign(request, credentials);
    },
    '@smithy/signature-v4': () => smithy.sign(toSmithyRequest({ host, 'content-type': 'application/json' })),
    aws4fetch: () => {
      const headers = { 'Content-Type': 'application/json' };
      const request = {
        method: 'POST',
        url,
        headers,
        body,
        region,
        service,
        accessKeyId,
        secretAccessKey,
        sessionToken,
      };
      return new AwsV4Signer(Object.assign(request, { cache, allHeaders: true })).sign();
    },
  };
  for (const [name, sign] of Object.entries(signers)) await verify(name, (await sign()).headers);
  return { 'two hashes and an HMAC': createIrreducible(), ...signers };
}

function signOurs() {
  const headers = { 'Content-Type': 'application/json' };
  return signRequest({ method: 'POST', url, headers, body }, options);
}

/**
 * What no signer can do without: two hashes and an HMAC, which is two more, of text and bytes that are ready. Not
 * createHmac, whose cost differs sevenfold between versions of Node.
 */
function createIrreducible() {
  const { trace } = signOurs();
  const toHmac = (key, text) => createHmac('sha256', key).update(text).digest();
  const key = trace.scope.split('/').reduce(toHmac, `AWS4${credentials.secretAccessKey}`);
  const pad = (byte) => Buffer.alloc(64, byte).map((each, i) => each ^ (key[i] ?? 0));
  // Text that was flattened, which crypto reads faster than what was put together from parts.
  const canonicalRequest = Buffer.from(trace.canonicalRequest).toString();
  const innerMessage = Buffer.concat([pad(0x36), Buffer.from(trace.stringToSign)]);
  const outerMessage = Buffer.concat([pad(0x5c), Buffer.alloc(32)]);
  const run = () => {
    const bodyHash = hash('sha256', body, 'hex');
    const requestHash = hash('sha256', canonicalRequest, 'hex');
    outerMessage.write(hash('sha256', innerMessage, 'latin1'), 64, 'latin1');
    return [bodyHash, requestHash, hash('sha256', outerMessage, 'hex')];
  };
  const [bodyHash, requestHash, signature] = run();
  assert.ok(trace.canonicalRequest.endsWith(bodyHash) && trace.stringToSign.endsWith(requestHash));
  assert.equal(signature, trace.signature);
  return run;
}

// --- Whole requests.

/**
 * A whole POST of axios, unsigned and with each interceptor. Each has the axios that it loads itself: copies of one
 * build, as if it were one for all.
 *
 * @param origin where to send it by axios's http adapter; without one, an adapter answers at once
 * @returns the calls, by name, and what ends their connections
 */
export async function createRequests(origin) {
  const require = createRequire(import.meta.url);
  const requireOurs = createRequire(new URL('../dist/', import.meta.url));
  const intercept = requireOurs('./index.cjs').aws4Interceptor(options);
  const interceptPeer = require('aws4-axios').aws4Interceptor({ options: { region, service }, credentials });
  const { Agent } = require('node:http');
  const agent = new Agent({ keepAlive: true });
  const create = (axios, ...interceptors) => {
    const adapter = (config) => Promise.resolve({ data: '', status: 200, statusText: 'OK', headers: {}, config });
    const instance = axios.create(origin === undefined ? { adapter } : { httpAgent: agent });
    for (const each of interceptors) instance.interceptors.request.use(each);
    return instance;
  };
  const instances = {
    'axios unsigned': create(requireOurs('axios')),
    aws4Interceptor: create(requireOurs('axios'), intercept),
    'aws4-axios': create(require('axios'), interceptPeer),
  };
  const requests = {};
  for (const [name, instance] of Object.entries(instances)) {
    if (name !== 'axios unsigned') await verify(name, await readSentHeaders(instance));
    const target = `${origin ?? `https://${host}`}${path}`;
    requests[name] = () => instance.post(target, data, { params });
  }
  return { requests, close: () => agent.destroy() };
}

/** The headers that reach the adapter. */
async function readSentHeaders(instance) {
  let sent;
  const adapter = (config) => {
    sent = config.headers.toJSON();
    return Promise.resolve({ data: '', status: 200, statusText: 'OK', headers: {}, config });
  };
  await instance.post(`https://${host}${path}`, data, { params, adapter });
  return sent;
}

// --- Is each signature right? Nobody is timed who does less.

/** Holds a signature against that of @smithy/signature-v4, of the same moment and over the same headers. */
async function verify(name, headers) {
  const signed = new Headers(headers);
  const names = /SignedHeaders=([^,]+)/.exec(signed.get('authorization'))?.[1].split(';') ?? [];
  const given = names.filter((header) => !header.startsWith('x-amz-')).map((each) => [each, signed.get(each) ?? host]);
  const signingDate = signed.get('x-amz-date').replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
  const referee = createSmithy(names.includes('x-amz-content-sha256'));
  const expected = await referee.sign(toSmithyRequest(Object.fromEntries(given)), {
    signingDate: new Date(signingDate),
  });
  assert.equal(signed.get('authorization'), expected.headers.authorization, `${name}: the signature is wrong`);
}

function createSmithy(applyChecksum) {
  return new SignatureV4({ ...options, sha256: Sha256, applyChecksum });
}

function toSmithyRequest(headers) {
  return { method: 'POST', protocol: 'https:', hostname: host, path, query: params, headers, body };
}

/** node:crypto in the shape that @smithy/signature-v4 takes: SHA-256 or, with a key, HMAC-SHA-256. */
class Sha256 {
  constructor(key) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(bytes) {
    this.hash.update(bytes);
  }
  digest() {
    return Promise.resolve(this.hash.digest());
  }
}
