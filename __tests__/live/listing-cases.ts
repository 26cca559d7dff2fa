/** Listings, with every query parameter that S3 has for them, and the queries that name a part of a bucket. */
import { answerTo, createS3Client, decodeKeys, pathOfKey, textIn, textOf, textsIn } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

/** In the order of their UTF-8, which is S3's. */
const keys = ["!*'()", '%41', 'a b', 'a+b', 'd/1', 'd/2', 'd/e/3', 'e%2Ff', 'x&y=z', 'é', '日/本', '😀'];

type Query = Readonly<Record<string, string | number>>;

interface Listing {
  readonly name: string;
  readonly query: Query;
  readonly keys: readonly string[];
  readonly prefixes?: readonly string[];
}

const afterKey = (key: string): readonly string[] => keys.slice(keys.indexOf(key) + 1);
const folders = ['d/', '日/'];
const besideFolders = keys.filter((key) => !key.includes('/'));

const listings: readonly Listing[] = [
  { name: 'version 1', query: {}, keys },
  { name: 'version 1, prefix', query: { prefix: 'a+' }, keys: ['a+b'] },
  { name: 'version 1, delimiter', query: { delimiter: '/' }, keys: besideFolders, prefixes: folders },
  { name: 'version 1, marker', query: { marker: 'x&y=z' }, keys: afterKey('x&y=z') },
  { name: 'version 1, marker with a plus', query: { marker: 'a+b' }, keys: afterKey('a+b') },
  { name: 'version 1, max-keys', query: { 'max-keys': 3 }, keys: keys.slice(0, 3) },
  {
    name: 'version 1, all',
    query: { prefix: 'd/', delimiter: '/', marker: 'd/1', 'max-keys': 10, 'encoding-type': 'url' },
    keys: ['d/2'],
    prefixes: ['d/e/'],
  },
  { name: 'version 2', query: { 'list-type': 2 }, keys },
  { name: 'version 2, prefix with a space', query: { 'list-type': 2, prefix: 'a ' }, keys: ['a b'] },
  { name: 'version 2, prefix with a percent', query: { 'list-type': 2, prefix: '%4' }, keys: ['%41'] },
  { name: 'version 2, prefix that looks encoded', query: { 'list-type': 2, prefix: 'e%2F' }, keys: ['e%2Ff'] },
  { name: 'version 2, prefix with & and =', query: { 'list-type': 2, prefix: 'x&y=' }, keys: ['x&y=z'] },
  { name: "version 2, prefix with !*'()", query: { 'list-type': 2, prefix: "!*'()" }, keys: ["!*'()"] },
  { name: 'version 2, prefix beyond ASCII', query: { 'list-type': 2, prefix: '日/' }, keys: ['日/本'] },
  { name: 'version 2, prefix beyond the BMP', query: { 'list-type': 2, prefix: '😀' }, keys: ['😀'] },
  { name: 'version 2, empty prefix', query: { 'list-type': 2, prefix: '' }, keys },
  {
    name: 'version 2, delimiter',
    query: { 'list-type': 2, delimiter: '/' },
    keys: besideFolders,
    prefixes: folders,
  },
  {
    name: 'version 2, delimiter with a plus',
    query: { 'list-type': 2, prefix: 'a', delimiter: '+' },
    keys: ['a b'],
    prefixes: ['a+'],
  },
  {
    name: 'version 2, delimiter with a percent',
    query: { 'list-type': 2, prefix: 'e', delimiter: '%' },
    keys: [],
    prefixes: ['e%'],
  },
  { name: 'version 2, start-after', query: { 'list-type': 2, 'start-after': 'é' }, keys: afterKey('é') },
  {
    name: 'version 2, all',
    query: {
      'list-type': 2,
      prefix: 'd/',
      delimiter: '/',
      'start-after': 'd/1',
      'max-keys': 5,
      'encoding-type': 'url',
      'fetch-owner': 'true',
    },
    keys: ['d/2'],
    prefixes: ['d/e/'],
  },
];

/** The queries that name a part of a bucket, and what is answered where the part is there but not set. */
const parts: readonly (readonly [query: string, answer: string])[] = [
  ['acl', '200'],
  ['location', '200'],
  ['versioning', '200'],
  ['uploads', '200'],
  ['versions', '200'],
  ['uploads&prefix=a%2Bb&delimiter=%2F&key-marker=k%20%2B&upload-id-marker=u&max-uploads=3', '200'],
  ['versions&prefix=a%2Bb&delimiter=%2F&key-marker=k%20%2B&max-keys=3&encoding-type=url', '200'],
  ['cors', '404 NoSuchCORSConfiguration'],
  ['lifecycle', '404 NoSuchLifecycleConfiguration'],
  ['policy', '404 NoSuchBucketPolicy'],
  ['tagging', '404 NoSuchTagSet'],
  ['policyStatus', '200'],
  ['requestPayment', '200'],
  ['notification', '200'],
];

export const listingCases: readonly StoreCase[] = [
  {
    name: 'objects to list',
    run: async ({ client, bucket }) => {
      for (const key of keys) await client.put(pathOfKey(bucket, key), `the body of ${key}`);
    },
  },
  ...listings.map((listing) => ({
    name: `listing: ${listing.name}`,
    run: (surroundings: Surroundings) => checkListing(surroundings, listing),
  })),
  { name: 'listing: page by page, by continuation-token', run: checkPages },
  { name: 'listing: fetch-owner', run: checkOwner },
  { name: 'listing: a query key that is there twice', run: checkDuplicate },
  ...parts.map(([query, answer]) => ({
    name: `?${query}`,
    run: async ({ client, bucket }: Surroundings) => {
      const params = new URLSearchParams(query);
      expect(await answerTo(client.get(`/${bucket}`, { params }))).toBe(answer);
      expect(await answerTo(client.get(`/${bucket}?${query}`))).toBe(answer);
    },
  })),
];

async function checkListing({ server, client, bucket }: Surroundings, listing: Listing): Promise<void> {
  const expected = { keys: listing.keys, prefixes: listing.prefixes ?? [] };
  const isEncoded = 'encoding-type' in listing.query;
  const read = (xml: string) => {
    const keysIn = textsIn(xml, 'Key');
    const prefixes = textsIn(xml, 'CommonPrefixes');
    return isEncoded ? { keys: decodeKeys(keysIn), prefixes: decodeKeys(prefixes) } : { keys: keysIn, prefixes };
  };
  const byParams = await client.get(`/${bucket}`, { params: listing.query });
  expect(read(textOf(byParams))).toStrictEqual(expected);

  const written = Object.entries(listing.query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  // Sorted is how they are signed, not how they have to be sent.
  const byUrl = await client.get(`/${bucket}?${written.toReversed().join('&')}`);
  expect(read(textOf(byUrl))).toStrictEqual(expected);

  // As HTML forms write a query, with a plus for a space.
  const serialize = (): string => new URLSearchParams(written.join('&').replaceAll('%20', '+')).toString();
  const byForm = await createS3Client(server).get(`/${bucket}`, { params: {}, paramsSerializer: { serialize } });
  expect(read(textOf(byForm))).toStrictEqual(expected);
}

async function checkPages({ client, bucket }: Surroundings): Promise<void> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const params = { 'list-type': 2, 'max-keys': 1, ...(token !== undefined && { 'continuation-token': token }) };
    const xml = textOf(await client.get(`/${bucket}`, { params }));
    found.push(...textsIn(xml, 'Key'));
    token = textIn(xml, 'IsTruncated') === 'true' ? textIn(xml, 'NextContinuationToken') : undefined;
  } while (token !== undefined && found.length < 2 * keys.length);
  expect(found).toStrictEqual(keys);
}

async function checkOwner({ client, bucket }: Surroundings): Promise<void> {
  const countOwners = async (fetchOwner: boolean): Promise<number> => {
    const params = { 'list-type': 2, 'fetch-owner': fetchOwner };
    return textsIn(textOf(await client.get(`/${bucket}`, { params })), 'Owner').length;
  };
  expect({ asked: await countOwners(true), unasked: await countOwners(false) }).toStrictEqual({
    asked: keys.length,
    unasked: 0,
  });
}

async function checkDuplicate({ client, bucket }: Surroundings): Promise<void> {
  expect(await answerTo(client.get(`/${bucket}?prefix=a&prefix=d`))).toBe('200');
}
