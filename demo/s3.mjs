/** The little of S3's dialect that the demo speaks: keys in paths, lists of keys in XML, errors. */
import { isAxiosError } from 'axios';

/**
 * Encodes a key for a URL's path. Slashes stay slashes: s3rver, like some other servers, takes `%2F` for one before it
 * verifies, and so refuses the signature of a path that has any.
 */
export function encodeKey(key) {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** The body of a DeleteObjects request. */
export function formatDeleteRequest(keys) {
  const objects = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`);
  return `<?xml version="1.0" encoding="UTF-8"?><Delete>${objects.join('')}</Delete>`;
}

/** The keys in a ListBucketResult or a DeleteResult. */
export function parseKeys(xml) {
  // s3rver escapes twice; the keys of the demo hold nothing that the second time could take for an escape.
  return [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescapeXml(unescapeXml(key)));
}

/** One line on what went wrong: for an answer that is an error, its status and S3's code. */
export function describeError(error) {
  if (isAxiosError(error) && error.response !== undefined) {
    const { status, data } = error.response;
    const [, code = ''] = /<Code>([^<]*)<\/Code>/.exec(String(data)) ?? [];
    return `${status} ${code}`.trimEnd();
  }
  // An assertion's further lines are a diff; axios repeats the message of a cause in its own.
  const [line] = (error?.code === 'ERR_ASSERTION' ? error.message : String(error)).split('\n', 1);
  return error?.cause === undefined || isAxiosError(error) ? line : `${line} (${describeError(error.cause)})`;
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);
const CHARACTERS = new Map([...ENTITIES].map(([character, entity]) => [entity, character]));

function escapeXml(text) {
  // By name: s3rver reads no numeric ones.
  return text.replace(/[&<>"']/g, (character) => ENTITIES.get(character));
}

function unescapeXml(text) {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|\w+);/gi, (entity, hex, decimal) => {
    if (hex === undefined && decimal === undefined) return CHARACTERS.get(entity) ?? entity;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
