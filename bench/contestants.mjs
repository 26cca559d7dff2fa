/**
 * Who runs in the benchmark. Each signs the same request, is called as its documentation says, dates each request, and
 * finds its signing key cached. What is timed makes plain literals: a spread would cost more than a hash.
 */
import assert from 'node:assert/strict';
import crypto, { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import { AwsV4Signer } from 'aws4fetch';
import { signRequest } from '../dist/sigv4/index.js';

const region = 'eu-west-1';
const service = 'execute-api';
export const host = 'abc123.execute-api.eu-west-1.amazonaws.com';
const path = '/prod/items?limit=25&after=2026-11-22T08%3A00%3A00Z&sort=name';
const url = `https://${host}${path}`;
const data = { id: 'item-1', tags: ['a', 'b'], text: 'x'.repeat(158) };
const body = JSON.stringify(data);
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE'.repeat(42).slice(0, 700),
};
const options = { region, service, credentials };
assert.equal(body.length, 200);

/** All sign the same four headers: host, content-type, x-amz-date and x-amz-security-token. */
export function createSigners() {
  const smithy = createSmithy(false);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const cache = new Map();
  const extraHeadersToIgnore = { 'content-length': true };
  return {
    'node:crypto alone': createIrreducible(),
    signRequest: signOurs,
    aws4: () => {
      const headers = { 'Content-Type': 'application/json' };
      const request = { method: 'POST', host, path, headers, body, region, service, extraHeadersToIgnore };
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
}

function signOurs() {
  const headers = { 'Content-Type': 'application/json' };
  return signRequest({ method: 'POST', url, headers, body }, options);
}

/** What no signer can do without: two hashes and an HMAC, of bytes that are ready, under a key that is. */
function createIrreducible() {
  const { trace } = signOurs();
  const hmac = (key, text) => createHmac('sha256', key).update(text);
  const secret = `AWS4${credentials.secretAccessKey}`;
  const key = trace.scope.split('/').reduce((parent, part) => hmac(parent, part).digest(), secret);
  const createHashHex = (text) => createHash('sha256').update(text).digest('hex');
  const sha256Hex = typeof crypto.hash === 'function' ? (text) => crypto.hash('sha256', text, 'hex') : createHashHex;
  // Through a Buffer, since crypto reads a flat string faster than one that was put together from parts.
  const [canonicalRequest, stringToSign] = [trace.canonicalRequest, trace.stringToSign].map((text) =>
    Buffer.from(text).toString(),
  );
  const run = () => [sha256Hex(body), sha256Hex(canonicalRequest), hmac(key, stringToSign).digest('hex')];

  const [bodyHash, requestHash, signature] = run();
  assert.ok(canonicalRequest.endsWith(bodyHash) && stringToSign.endsWith(requestHash));
  assert.equal(signature, trace.signature);
  return run;
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

export function createSmithy(applyChecksum) {
  return new SignatureV4({ ...options, sha256: Sha256, applyChecksum });
}

export function toSmithyRequest(headers) {
  const query = { limit: '25', after: '2026-11-22T08:00:00Z', sort: 'name' };
  return { method: 'POST', protocol: 'https:', hostname: host, path: '/prod/items', query, headers, body };
}

/** Each interceptor with the axios that it loads itself: two copies of one build, as if it were one copy for both. */
export function createInterceptors() {
  const require = createRequire(import.meta.url);
  const requireOurs = createRequire(new URL('../dist/', import.meta.url));
  const ours = requireOurs('./index.cjs').aws4Interceptor(options);
  const peers = require('aws4-axios').aws4Interceptor({ options: { region, service }, credentials });
  return {
    aws4Interceptor: { axios: requireOurs('axios'), intercept: ours },
    'aws4-axios': { axios: require('axios'), intercept: peers },
  };
}

/** Makes configs as axios makes them for its first interceptor. */
export function createConfigMaker(axios) {
  const instance = axios.create();
  instance.interceptors.request.use((config) => Promise.reject(config));
  return () => instance.post(url, data).catch((config) => config);
}

/** Makes requests by axios, through to an adapter that answers at once. */
export function createRequester(axios, intercept = (config) => Promise.resolve(config)) {
  const adapter = (config) => Promise.resolve({ data: '', status: 200, statusText: 'OK', headers: {}, config });
  const instance = axios.create({ adapter });
  instance.interceptors.request.use(intercept);
  return () => instance.post(url, data);
}
