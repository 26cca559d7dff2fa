/**
 * The conditions of a POST policy ("Authenticating Requests: Browser-Based Uploads Using POST"): checked, and one for each
 * field of the form.
 */
import { isPlainObject } from '../platform/object-kinds.js';
import { Aws4AuthError } from '../errors.js';

/**
 * A condition that a form must fulfil; a field's name is written with a `$` before it in the longer forms.
 *
 * @example
 * const conditions: readonly PostCondition[] = [
 *   ['content-length-range', 1, 10_000_000],
 *   ['starts-with', '$Content-Type', 'image/'],
 *   { acl: 'private' },
 * ];
 */
export type PostCondition =
  | Readonly<Record<string, string>>
  | readonly ['eq' | 'starts-with', string, string]
  | readonly ['content-length-range', number, number];

/** A condition of one field, in one spelling. */
interface FieldCondition {
  readonly operator: 'eq' | 'starts-with';
  readonly name: string;
  readonly value: string;
}

/** What stands in a key, or another field, for the name of the file that the user chose. */
const FILENAME = '${filename}';

/** Fields that signing sets, or that the file itself is. */
const RESERVED =
  /^(?:policy|file|awsaccesskeyid|signature|x-amz-(?:algorithm|credential|date|signature|security-token|s3session-token))$/;
/** What needs no condition. */
const IGNORED = 'x-ignore-';
// eslint-disable-next-line no-control-regex -- these are the characters to refuse
const NOT_NAME = /[\0-\x1F\x7F"$]|^ | $|^$/;
// Forms send a line break as CR LF, and a lone surrogate as U+FFFD: a condition that was signed with them would fail.
const CHANGED_BY_FORMS = /[\r\n\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function createError(name: string, problem: string): Aws4AuthError {
  return new Aws4AuthError(`${name}: ${problem}`, 'ERR_INVALID_OPTION');
}

/** A text that a form sends as it is. @throws Aws4AuthError `ERR_INVALID_OPTION` which names it */
function assertFormText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw createError(name, 'must be a string');
  if (!CHANGED_BY_FORMS.test(value)) return value;
  throw createError(name, 'has a line break, a NUL or half of a surrogate pair, which no form sends as it is');
}

/** A text that is not empty. @throws Aws4AuthError `ERR_INVALID_OPTION` which names it */
export function assertFilled(name: string, value: unknown): string {
  const text = assertFormText(name, value);
  if (text === '') throw createError(name, 'is empty');
  return text;
}

/**
 * The fields that the caller wants in the form, by their own names.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` which names the field
 */
export function readFields(given: unknown): readonly (readonly [name: string, value: string])[] {
  if (given === undefined) return [];
  if (!isPlainObject(given)) throw createError('fields', 'must be an object of names and values');
  const names = new Set<string>();
  return Object.entries(given).map(([name, value]) => {
    const lowerCaseName = assertFieldName(`fields: ${JSON.stringify(name)}`, name);
    if (lowerCaseName === 'key' || lowerCaseName === 'bucket') {
      throw createError(`fields: ${name}`, `is given beside fields, as ${lowerCaseName}; leave it out here`);
    }
    if (names.has(lowerCaseName)) throw createError(`fields: ${name}`, 'is there twice; its case does not count');
    names.add(lowerCaseName);
    return [name, assertFormText(`fields: ${name}`, value)] as const;
  });
}

/** @returns the name in lower case */
function assertFieldName(where: string, name: string): string {
  if (NOT_NAME.test(name) || CHANGED_BY_FORMS.test(name)) throw createError(where, 'cannot be the name of a field');
  const lowerCaseName = name.toLowerCase();
  if (RESERVED.test(lowerCaseName)) throw createError(where, 'is set by signing, or is the file; leave it out');
  return lowerCaseName;
}

/** What the caller says of a policy's conditions: as they stand in it, and what they say of fields. */
export interface GivenConditions {
  readonly conditions: readonly PostCondition[];
  /** By the field's name, in lower case: forms' names are not case-sensitive. */
  readonly byField: ReadonlyMap<string, readonly FieldCondition[]>;
}

/** @throws Aws4AuthError `ERR_INVALID_OPTION` which names the condition by its place, and what is wrong with it */
export function readConditions(given: unknown): GivenConditions {
  if (given === undefined) return { conditions: [], byField: new Map() };
  if (!Array.isArray(given)) throw createError('conditions', 'must be an array');
  const conditions: PostCondition[] = [];
  const byField = new Map<string, FieldCondition[]>();
  for (const [i, item] of Array.from<unknown>(given).entries()) {
    const where = `conditions[${String(i)}]`;
    if (Array.isArray(item) && item[0] === 'content-length-range') {
      conditions.push(readRange(where, item));
      continue;
    }
    const condition = Array.isArray(item) ? readTriple(where, item) : readPair(where, item);
    const { operator, name, value } = condition;
    const lowerCaseName = name.toLowerCase();
    const ofField = byField.get(lowerCaseName);
    if (ofField === undefined) byField.set(lowerCaseName, [condition]);
    else ofField.push(condition);
    conditions.push(operator === 'eq' ? toEqual(name, value) : [operator, `$${name}`, value]);
  }
  return { conditions, byField };
}

const FORMS =
  "{ name: value }, ['eq', '$name', value], ['starts-with', '$name', prefix] or ['content-length-range', min, max]";

function readRange(where: string, item: readonly unknown[]): PostCondition {
  const [, min, max] = item;
  if (item.length === 3 && isByteCount(min) && isByteCount(max) && min <= max) {
    return ['content-length-range', min, max];
  }
  throw createError(where, 'content-length-range takes two numbers of bytes, the least and the most');
}

function isByteCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readTriple(where: string, item: readonly unknown[]): FieldCondition {
  const [operator, variable, value] = item;
  if (item.length !== 3 || (operator !== 'eq' && operator !== 'starts-with')) {
    throw createError(where, `must be ${FORMS}`);
  }
  if (typeof variable !== 'string' || !variable.startsWith('$')) {
    throw createError(where, `its second part must be the field's name with a $ before it, e.g. '$key'`);
  }
  return { operator, ...readCondition(where, variable.slice(1), value) };
}

function readPair(where: string, item: unknown): FieldCondition {
  const entries = isPlainObject(item) ? Object.entries(item) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw createError(where, entry === undefined ? `must be ${FORMS}` : 'names several fields; give each its own');
  }
  return { operator: 'eq', ...readCondition(where, entry[0], entry[1]) };
}

function readCondition(where: string, name: string, value: unknown): Pick<FieldCondition, 'name' | 'value'> {
  const shown = `${where}: ${JSON.stringify(name)}`;
  const lowerCaseName = assertFieldName(shown, name);
  if (lowerCaseName.startsWith(IGNORED)) throw createError(shown, 'is ignored by S3, and can have no condition');
  return { name, value: assertFormText(shown, value) };
}

function toEqual(name: string, value: string): PostCondition {
  // Setting `__proto__` on an object would lose it.
  return name === '__proto__' ? ['eq', `$${name}`, value] : { [name]: value };
}

/**
 * The condition that a field needs beside the caller's: none where they name it, so that the caller can leave its value
 * open to whoever fills in the form.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` where the field does not fulfil the caller's own condition
 */
export function createFieldConditions(
  name: string,
  value: string,
  { byField }: GivenConditions,
): readonly PostCondition[] {
  const lowerCaseName = name.toLowerCase();
  if (lowerCaseName.startsWith(IGNORED)) return [];
  const own = byField.get(lowerCaseName) ?? [];
  for (const condition of own) assertFulfilled(name, value, condition);
  if (own.length > 0) return [];
  const end = value.indexOf(FILENAME);
  return [end === -1 || name === 'bucket' ? toEqual(name, value) : ['starts-with', `$${name}`, value.slice(0, end)]];
}

/** A condition is matched after `${filename}` was replaced: what precedes that is known, what follows is not. */
function assertFulfilled(name: string, value: string, condition: FieldCondition): void {
  const { operator, value: wanted } = condition;
  const end = value.indexOf(FILENAME);
  const known = end === -1 ? value : value.slice(0, end);
  if (operator === 'eq' ? value === wanted && end === -1 : known.startsWith(wanted)) return;
  if (operator === 'starts-with' && end !== -1 && wanted.startsWith(known)) return;
  throw createError(
    name,
    end !== -1 && operator === 'eq'
      ? `has ${FILENAME}, which a condition can only match by starts-with`
      : `does not fulfil the condition ${operator} ${JSON.stringify(wanted)}`,
  );
}
