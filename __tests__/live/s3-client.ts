/** The little of S3's dialect that the live tests speak: clients that sign, URLs of keys, XML, answers in a few words. */
import axios, { isAxiosError, type AxiosInstance, type AxiosResponse, type CreateAxiosDefaults } from 'axios';
import { JSDOM } from 'jsdom';
import { aws4Interceptor, type Aws4Options } from '../../lib/index.js';
import type { LiveServer } from './live-server.js';

/** A client whose answers are bytes, whatever the adapter. */
export function createS3Client(
  server: LiveServer,
  options: Aws4Options = {},
  defaults: CreateAxiosDefaults = {},
): AxiosInstance {
  const { endpoint, region, credentials, tally } = server;
  const client = axios.create({ baseURL: endpoint, responseType: 'arraybuffer', ...defaults });
  client.interceptors.request.use(aws4Interceptor({ service: 's3', region, credentials, ...options }));
  client.interceptors.response.use(
    (response) => {
      tally.accepted += 1;
      return response;
    },
    (error: unknown) => {
      if (isAxiosError(error) && error.response !== undefined) tally.refused += 1;
      throw error;
    },
  );
  return client;
}

/** The path of a key, encoded as a whole, its slashes too. */
export const pathOfKey = (bucket: string, key: string): string => `/${bucket}/${encodeURIComponent(key)}`;

/** The path of a key, its slashes left as they are. */
export const pathOfSegments = (bucket: string, key: string): string =>
  `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

export function bytesOf({ data }: AxiosResponse<unknown>): Buffer {
  if (Buffer.isBuffer(data)) return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  // An answer to HEAD has none.
  if (data === undefined || data === null || data === '') return Buffer.alloc(0);
  throw new Error(`A body of the kind ${Object.prototype.toString.call(data)}`);
}

export const textOf = (response: AxiosResponse<unknown>): string => bytesOf(response).toString('utf8');

const { window } = new JSDOM();
const xmlParser = new window.DOMParser();

/** The texts of all elements of a name. */
export function textsIn(xml: string, name: string): readonly string[] {
  const parsed = xmlParser.parseFromString(xml, 'application/xml');
  if (parsed.querySelector('parsererror') !== null) throw new Error(`Not XML: ${xml}`);
  return Array.from(parsed.getElementsByTagName(name), ({ textContent }) => textContent);
}

/** The text of the one element of a name. */
export function textIn(xml: string, name: string): string {
  const [only, ...others] = textsIn(xml, name);
  if (only === undefined || others.length > 0) throw new Error(`Not one ${name} in ${xml}`);
  return only;
}

const ESCAPES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r', '&#13;'],
]);

export const escapeXml = (text: string): string =>
  text.replace(/[&<>\r]/g, (character) => ESCAPES.get(character) ?? character);

/** The keys of a listing with `encoding-type=url`. */
export const decodeKeys = (keys: readonly string[]): readonly string[] =>
  keys.map((key) => decodeURIComponent(key.replaceAll('+', '%20')));

/** The status and S3's code: `200`, `403 SignatureDoesNotMatch`. */
export function describeAnswer(response: AxiosResponse<unknown>): string {
  const [, code = ''] = /<Code>([^<]*)<\/Code>/.exec(textOf(response)) ?? [];
  return `${String(response.status)} ${code}`.trimEnd();
}

/** What the server said, whether it did as it was asked or not. */
export async function answerTo(sending: Promise<AxiosResponse<unknown>>): Promise<string> {
  try {
    return describeAnswer(await sending);
  } catch (error) {
    if (isAxiosError(error) && error.response !== undefined) return describeAnswer(error.response);
    throw error;
  }
}
