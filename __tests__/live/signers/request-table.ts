/** The requests that botocore, curl and this package sign alike: each row once for S3 and once for another service. */
import { createHash } from 'node:crypto';
import type { Pairs, Service, SignerRequest } from './signer-request.js';

interface Row {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly params?: Pairs;
  readonly headers?: Pairs;
  readonly body?: string | Buffer;
  /** The one service that the row is for, where it says nothing to the others. */
  readonly only?: Service;
  readonly hasContentSha256?: false;
}

const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const md5 = (body: string): string => createHash('md5').update(body).digest('base64');
const json: Pairs = [['Content-Type', 'application/json']];
const octets: Pairs = [['Content-Type', 'application/octet-stream']];
const text: Pairs = [['Content-Type', 'text/plain; charset=utf-8']];

const paths: Readonly<Record<string, Row>> = {
  'path of a slash': { path: '/' },
  'path of plain segments': { path: '/prod/items/42' },
  'path with a raw space': { path: '/a b/c  d' },
  'path with an escaped space': { path: '/a%20b' },
  'path with a plus': { path: '/a+b/c%2Bd' },
  'path with raw letters beyond ASCII': { path: '/Grüße/日本' },
  'path with escaped letters beyond ASCII': { path: '/%C3%A9/e%CC%81' },
  'path with an emoji': { path: '/%F0%9F%98%80 😀' },
  'path with escapes in lower case': { path: '/%e6%97%a5%7e' },
  'path with an escaped slash': { path: '/a%2Fb/c' },
  'path with a slash that is escaped twice': { path: '/a%252Fb' },
  'path with an escaped per cent sign': { path: '/100%25/%2525' },
  'path with an empty segment': { path: '/a//b' },
  'path with several empty segments': { path: '/a///b////c' },
  'path that begins with an empty segment': { path: '//a/b' },
  'path that ends in a slash': { path: '/a/b/' },
  'path that ends in an empty segment': { path: '/a/b//' },
  'path with one dot': { path: '/a/./b' },
  'path with two dots': { path: '/a/b/../c' },
  'path with dots beyond its root': { path: '/../../a' },
  'path with segments that only look like dots': { path: '/.../a..b/.c' },
  'path with a tilde and an asterisk': { path: '/~user/*' },
  'path with colons': { path: '/functions/arn:aws:lambda:eu-west-1:1:function:f' },
  'path with an at sign, commas and semicolons': { path: '/a@b,c;d=e' },
  'path with quotes and brackets': { path: "/it's(1)![2]" },
  'path with a dollar sign and an ampersand': { path: '/$a&b' },
  'path with an escaped question mark and hash': { path: '/a%3Fb%23c' },
  'path with an escaped line break': { path: '/a%0Ab%09c' },
  'long path': { path: `/${'segment/'.repeat(100)}end` },
};

const queries: Readonly<Record<string, Row>> = {
  'one parameter': { params: [['a', '1']] },
  'parameters in order': {
    params: [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
  },
  'parameters out of order': {
    params: [
      ['c', '3'],
      ['a', '1'],
      ['b', '2'],
    ],
  },
  'repeated key in order': {
    params: [
      ['k', '1'],
      ['k', '2'],
    ],
  },
  'repeated key out of order': {
    params: [
      ['k', 'b'],
      ['k', 'B'],
      ['k', 'a'],
      ['k', '1'],
    ],
  },
  'keys that one another begin with': {
    params: [
      ['a-', '1'],
      ['a', '2'],
      ['a1', '3'],
      ['a.', '4'],
    ],
  },
  'keys that differ in case': {
    params: [
      ['b', '1'],
      ['A', '2'],
      ['a', '3'],
      ['B', '4'],
    ],
  },
  'empty value': {
    params: [
      ['acl', ''],
      ['b', ''],
    ],
  },
  'key without an equals sign': { query: 'acl' },
  'keys with and without an equals sign': { query: 'a=1&acl&b=' },
  'value beyond ASCII': { params: [['q', 'Grüße 日本']] },
  'key beyond ASCII': {
    params: [
      ['é', '1'],
      ['ключ', '2'],
    ],
  },
  'value with an emoji': { params: [['q', '😀']] },
  'value with a plus': { params: [['q', 'a+b']] },
  'value with spaces': { params: [['q', ' a  b ']] },
  'value with a tilde and an asterisk': {
    params: [
      ['filter', "-_.~!*'()"],
      ['q', '~*'],
    ],
  },
  'value with slashes and colons': {
    params: [
      ['arn', 'arn:aws:es:eu-west-1:1:domain/d'],
      ['prefix', 'a/b/'],
    ],
  },
  'value with an equals sign and an ampersand': { params: [['q', 'a=b&c=d']] },
  'value with a per cent sign': {
    params: [
      ['q', '100%'],
      ['r', '%20'],
    ],
  },
  'value with brackets': { params: [['a[0]', '{"x":[1]}']] },
  'query of a listing': {
    params: [
      ['delimiter', '/'],
      ['list-type', '2'],
      ['max-keys', '5'],
      ['prefix', 'a b'],
    ],
  },
};

const headers: Readonly<Record<string, Row>> = {
  'header of S3': { headers: [['x-amz-acl', 'public-read']], method: 'PUT' },
  'header with spaces around it': { headers: [['x-amz-meta-a', '   a   ']] },
  'header with spaces within it': { headers: [['x-amz-meta-a', 'a  b   c']] },
  'header with tabs': { headers: [['x-amz-meta-a', 'a\tb \t c']] },
  'header with quoted spaces': { headers: [['x-amz-meta-a', '"a  b"']] },
  'header with commas': { headers: [['x-amz-meta-a', 'a,b , c']] },
  'header with a colon': { headers: [['x-amz-meta-a', 'a: b']] },
  'header without a value': { headers: [['x-amz-meta-a', '']] },
  'headers out of order': {
    headers: [
      ['x-amz-meta-b', '2'],
      ['x-amz-meta-a', '1'],
      ['Accept', 'text/plain'],
    ],
  },
  'headers in capitals': {
    headers: [
      ['X-AMZ-META-A', 'A'],
      ['X-Tenant', 'One'],
    ],
  },
  'headers with names that one another begin with': {
    headers: [
      ['x-amz-meta-a-b', '1'],
      ['x-amz-meta-a', '2'],
    ],
  },
  'long header': { headers: [['x-amz-meta-a', 'long '.repeat(200).trim()]] },
  'header that AWS does not know': {
    headers: [
      ['X-Tenant', 'one'],
      ['Cache-Control', 'no-cache'],
    ],
  },
};

const bodies: Readonly<Record<string, Row>> = {
  'POST without a body': { method: 'POST' },
  'PUT without a body, with a content type': { method: 'PUT', headers: text },
  'POST with text': { method: 'POST', headers: text, body: 'Hello' },
  'POST with text beyond ASCII': { method: 'POST', headers: text, body: 'Grüße, 日本 😀\r\n' },
  'POST with JSON': { method: 'POST', headers: json, body: '{"name":"Grüße","list":[1,2,{"a":null}]}' },
  'POST with a form': {
    method: 'POST',
    headers: [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']],
    body: 'Action=GetCallerIdentity&Version=2011-06-15&Name=a+b%2F',
  },
  'POST with XML': { method: 'POST', query: 'delete=', headers: [['Content-Type', 'application/xml']], body: '<a/>' },
  'POST with a target': {
    method: 'POST',
    headers: [
      ['Content-Type', 'application/x-amz-json-1.0'],
      ['X-Amz-Target', 'DynamoDB_20120810.GetItem'],
    ],
    body: '{}',
  },
  'PUT with bytes': { method: 'PUT', path: '/bucket/bytes.bin', headers: octets, body: allBytes },
  'PUT with many bytes': { method: 'PUT', headers: octets, body: Buffer.concat(Array<Buffer>(400).fill(allBytes)) },
  'PUT with a line break': { method: 'PUT', headers: text, body: '\n' },
  'PUT with its MD5': {
    method: 'PUT',
    headers: [...text, ['Content-MD5', md5('Hello')]],
    body: 'Hello',
  },
  'PUT of a bulk': {
    method: 'PUT',
    path: '/_bulk',
    headers: [['Content-Type', 'application/x-ndjson']],
    body: '{"index":{}}\n{"a":1}\n',
  },
  'PATCH with JSON': { method: 'PATCH', headers: json, body: '[1]' },
  'GET with a body': { method: 'GET', path: '/_search', headers: json, body: '{"query":{"match_all":{}}}' },
  'GET with a content type': { method: 'GET', headers: json },
  'DELETE without a body': { method: 'DELETE', path: '/items/1', params: [['versionId', 'v.1']] },
  'DELETE with a body': { method: 'DELETE', path: '/_search/scroll', headers: json, body: '{"scroll_id":"a=="}' },
  HEAD: { method: 'HEAD', path: '/bucket/key' },
  OPTIONS: { method: 'OPTIONS' },
  'GET without the hash of its body': { only: 'execute-api', hasContentSha256: false },
  'POST without the hash of its body': {
    only: 'lambda',
    method: 'POST',
    headers: json,
    body: '{"a":1}',
    hasContentSha256: false,
  },
};

const otherServices = ['execute-api', 'es', 'lambda'] as const;

const rows = Object.entries({ ...paths, ...queries, ...headers, ...bodies });

/** Every second request is signed with temporary credentials. */
export const requestTable: readonly SignerRequest[] = rows
  .flatMap(([name, row], index): (readonly [string, Service, Row])[] => {
    const services = row.only === undefined ? ['s3' as const, otherServices[index % 3] ?? 'es'] : [row.only];
    return services.map((service) => [name, service, row]);
  })
  .map(([name, service, row], index) => ({
    name: `${name}, ${service}`,
    service,
    method: row.method ?? 'GET',
    path: row.path ?? '/resource',
    query: row.query ?? '',
    params: row.params ?? [],
    headers: row.headers ?? [],
    body: row.body ?? '',
    hasToken: Math.floor(index / 2) % 2 === 0,
    hasContentSha256: row.hasContentSha256 ?? true,
  }));
