/** What of a canonical request a server saw otherwise than it was signed, line by line and parameter by parameter. */
import type { AnswerText } from './refusal-details.js';

/** The lines of a canonical request; those that a text is too short for are `undefined`. */
export interface CanonicalLines {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly query: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly signedHeaders: string | undefined;
  readonly payloadHash: string | undefined;
}

/** What kind of line differs; those behind the payload hash are lines of the string to sign. */
export type LineKind =
  | 'method'
  | 'path'
  | 'query'
  | 'header'
  | 'signed headers'
  | 'payload hash'
  | 'algorithm'
  | 'date'
  | 'scope'
  | 'canonical request hash';

/** A difference, as it is: it may bear secrets. */
export interface LineDifference {
  readonly kind: LineKind;
  /** The header's name in lower case, or the parameter's as it stands in the query; else empty. */
  readonly name: string;
  /** The line; of a header the value alone, of a query the pair. */
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/** Takes a canonical request apart. What is not whole may end in the middle of a line, which is left out. */
export function parseCanonicalRequest({ text, isWhole }: AnswerText): CanonicalLines {
  const lines = text.split('\n');
  if (!isWhole) lines.pop();
  const [method, path, query, ...rest] = lines;
  const end = rest.indexOf('');
  const headers = new Map<string, string>();
  for (const line of end === -1 ? rest : rest.slice(0, end)) {
    const colon = line.indexOf(':');
    const name = (colon === -1 ? line : line.slice(0, colon)).trim().toLowerCase();
    const value = colon === -1 ? '' : line.slice(colon + 1);
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  const [signedHeaders, payloadHash] = end === -1 ? [] : rest.slice(end + 1);
  return { method, path, query, headers, signedHeaders, payloadHash };
}

/** What differs, in the order of the lines; what a text is too short for does not. */
export function compareCanonicalRequests(ours: CanonicalLines, theirs: CanonicalLines): readonly LineDifference[] {
  return [
    ...compareLines('method', ours.method, theirs.method),
    ...compareLines('path', ours.path, theirs.path),
    ...(theirs.query === undefined ? [] : compareQueries(ours.query ?? '', theirs.query)),
    ...compareHeaders(ours, theirs),
    ...compareLines('signed headers', ours.signedHeaders, theirs.signedHeaders),
    ...compareLines('payload hash', ours.payloadHash, theirs.payloadHash),
  ];
}

/** What differs of strings to sign that both have a canonical request's hash, and not a chunk's. */
export function compareStringsToSign(ours: string, theirs: AnswerText): readonly LineDifference[] {
  const lines = theirs.text.split('\n');
  if (!theirs.isWhole) lines.pop();
  const ourLines = ours.split('\n');
  const kinds = ['algorithm', 'date', 'scope', 'canonical request hash'] as const;
  return kinds.flatMap((kind, i) => compareLines(kind, ourLines[i], lines[i]));
}

function compareLines(kind: LineKind, ours: string | undefined, theirs: string | undefined): LineDifference[] {
  return theirs === undefined || ours === theirs ? [] : [{ kind, name: '', ours, theirs }];
}

function compareHeaders(ours: CanonicalLines, theirs: CanonicalLines): LineDifference[] {
  const isComplete = theirs.signedHeaders !== undefined;
  const names = [...new Set([...ours.headers.keys(), ...theirs.headers.keys()])].sort();
  return names.flatMap((name) => {
    const [our, their] = [ours.headers.get(name), theirs.headers.get(name)];
    const isUnknown = their === undefined && !isComplete;
    return isUnknown || our === their ? [] : [{ kind: 'header', name, ours: our, theirs: their }];
  });
}

/** The parameters that are not the same on both sides, paired by their names; all of the query where only their order is. */
function compareQueries(ours: string, theirs: string): LineDifference[] {
  if (ours === theirs) return [];
  const [ourPairs, theirPairs] = [splitQuery(ours), splitQuery(theirs)];
  const left = omitPairs(ourPairs, theirPairs);
  const right = groupByName(omitPairs(theirPairs, ourPairs));
  const differences = left.map((pair): LineDifference => {
    const { name } = splitPair(pair);
    return { kind: 'query', name, ours: pair, theirs: right.get(decodeFully(name))?.shift() };
  });
  for (const pair of [...right.values()].flat()) {
    differences.push({ kind: 'query', name: splitPair(pair).name, ours: undefined, theirs: pair });
  }
  return differences.length > 0 ? differences : [{ kind: 'query', name: '', ours, theirs }];
}

function splitQuery(query: string): string[] {
  return query === '' ? [] : query.split('&');
}

/** Those that are not among the others, as often as they are there more often. */
function omitPairs(pairs: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const pair of others) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  return pairs.filter((pair) => {
    const count = counts.get(pair) ?? 0;
    counts.set(pair, count - 1);
    return count <= 0;
  });
}

function groupByName(pairs: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const pair of pairs) {
    const name = decodeFully(splitPair(pair).name);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [pair]);
    else group.push(pair);
  }
  return groups;
}

/** The name and the value of a parameter, as they stand in a query. */
export function splitPair(pair: string): { readonly name: string; readonly value: string } {
  const equals = pair.indexOf('=');
  return equals === -1 ? { name: pair, value: '' } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
}

/** Text of which all escapes are undone, and a `+` is a space. */
export function decodeFully(text: string): string {
  return undoEscapes(text).replaceAll('+', ' ');
}

/** Text of which all escapes are undone, however often it was escaped. */
export function undoEscapes(text: string): string {
  let decoded = text;
  for (let i = 0; i < 3 && decoded.includes('%'); i++) decoded = decodeOnce(decoded);
  return decoded;
}

/** Text of which the escapes are undone once; as it is where they are no text. */
export function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
