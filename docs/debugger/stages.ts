/** Each stage of a request's signature, made by the package, with what each of its lines is. */
import type { AwsScope } from '../../lib/destination/aws-hostname.js';
import { splitUrl } from '../../lib/sigv4/canonical-request.js';
import * as sigv4 from '../../lib/sigv4/index.js';
import * as sigv4a from '../../lib/sigv4a/index.js';
import { readDate } from '../../lib/time/request-date.js';
import { formatCurlCommand } from './curl-command.js';
import { deriveAsymmetricKey, deriveKeys, type DerivedKey } from './derived-keys.js';
import { readScope } from './hostname-scope.js';
import { parseHeaderLines, toHeaderObject } from './http-text.js';
import { PasteError } from './paste-error.js';

/** What is typed into the form, by the names of its fields. */
export interface SigningForm {
  readonly method: string;
  readonly url: string;
  /** One a line. */
  readonly headers: string;
  readonly body: string;
  readonly region: string;
  readonly service: string;
  /** Empty: by the hostname, and SigV4 where that does not say it. */
  readonly algorithm: '' | 'sigv4' | 'sigv4a';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** In any format that a request's date may have; empty for now. */
  readonly date: string;
  /** Names and patterns, by commas or white space. */
  readonly signedHeaders: string;
  readonly payload: '' | 'signed' | 'unsigned';
  readonly contentSha256Header: Choice;
  readonly normalizePath: Choice;
  readonly doubleEncodePath: Choice;
  readonly omitSessionToken: Choice;
  /** Seconds that the presigned URL is good. */
  readonly expiresIn: string;
}

/** Yes, no, or as the service has it. */
export type Choice = '' | 'yes' | 'no';
export type FieldName = keyof SigningForm;

/** A line of a stage, and what it is. */
export interface AnnotatedLine {
  readonly text: string;
  readonly meaning: string;
}

/** Each stage of a signature. */
export interface SigningStages {
  readonly signed: sigv4.SignedRequest;
  readonly canonicalRequest: readonly AnnotatedLine[];
  readonly stringToSign: readonly AnnotatedLine[];
  readonly keys: readonly DerivedKey[];
  readonly curl: string;
  /** The same request, signed in its query; an error where that cannot be. */
  readonly presigned: sigv4.PresignedUrl | FieldProblem;
}

/** What is wrong, and in which field. */
export interface FieldProblem {
  readonly field: FieldName | undefined;
  readonly message: string;
}

/** Signs what was typed; gives what is wrong where it cannot be signed. */
export function signForm(form: SigningForm): SigningStages | FieldProblem {
  const ms = form.date === '' ? Date.now() : readDate(form.date);
  if (ms === undefined) {
    const formats = '20150830T123600Z, 2015-08-30T14:36:00+02:00 or Sun, 30 Aug 2015 12:36:00 GMT';
    return { field: 'date', message: `date: is in no format that is known here; write ${formats}` };
  }
  try {
    return createStages(form, new Date(ms));
  } catch (error) {
    return toProblem(error);
  }
}

function createStages(form: SigningForm, date: Date): SigningStages {
  const lines = form.headers.split(/\r?\n/).filter((line) => line.trim() !== '');
  const request = {
    method: form.method.trim(),
    url: form.url.trim(),
    headers: toHeaderObject(parseHeaderLines(lines, 1)),
    body: form.body,
  };
  // What is empty is said from the top of the form on.
  splitUrl(request.url);
  const scope = readScope(request.url);
  const algorithm = form.algorithm === '' ? (scope?.algorithm ?? 'sigv4') : form.algorithm;
  const { signRequest } = SIGNERS[algorithm];
  const options = readOptions(form, date, scope);
  const signed: sigv4.SignedRequest = signRequest(request, options);
  const { trace } = signed;
  return {
    signed,
    canonicalRequest: annotateCanonicalRequest(trace.canonicalRequest),
    stringToSign: annotateLines(trace.stringToSign.split('\n'), STRING_TO_SIGN),
    keys:
      algorithm === 'sigv4a' ? deriveAsymmetricKey(options.credentials) : deriveKeys(form.secretAccessKey, trace.scope),
    curl: formatCurlCommand(signed.method, signed.url, signed.headers, form.body),
    presigned: presign(request, form, options, algorithm),
  };
}

const SIGNERS = { sigv4, sigv4a } as const;

/** Where region and service are left empty, the hostname says them, if it is one of AWS's. */
function readOptions(form: SigningForm, date: Date, scope: AwsScope | undefined): sigv4a.SignRequestOptions {
  const { accessKeyId, secretAccessKey, sessionToken } = form;
  const names = form.signedHeaders.split(/[\s,;]+/).filter((name) => name !== '');
  const choose = (name: 'region' | 'service'): string => {
    const chosen = form[name].trim() || scope?.[name];
    if (chosen === undefined) throw new PasteError(`${name}: is missing, and the hostname does not say it; type it`);
    return chosen;
  };
  return {
    date,
    region: choose('region'),
    service: choose('service'),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== '' && { sessionToken }) },
    signedHeaders: names.length === 0 ? undefined : names,
    payload: form.payload === '' ? undefined : form.payload,
    contentSha256Header: toBoolean(form.contentSha256Header),
    normalizePath: toBoolean(form.normalizePath),
    doubleEncodePath: toBoolean(form.doubleEncodePath),
    omitSessionToken: toBoolean(form.omitSessionToken),
  };
}

function toBoolean(choice: Choice): boolean | undefined {
  return choice === '' ? undefined : choice === 'yes';
}

function presign(
  request: sigv4.HttpRequest,
  { expiresIn }: SigningForm,
  options: sigv4a.SignRequestOptions,
  algorithm: keyof typeof SIGNERS,
): sigv4.PresignedUrl | FieldProblem {
  const { presignUrl } = SIGNERS[algorithm];
  try {
    return presignUrl(request, expiresIn.trim() === '' ? options : { ...options, expiresIn: Number(expiresIn) });
  } catch (error) {
    return toProblem(error);
  }
}

/** What the package's errors begin with, by the field that it is typed into. */
const FIELDS: ReadonlyMap<string, FieldName> = new Map([
  ...(['method', 'url', 'headers', 'body', 'region', 'service', 'accessKeyId', 'secretAccessKey'] as const).map(
    (name) => [name, name] as const,
  ),
  ...(['sessionToken', 'date', 'signedHeaders', 'payload', 'expiresIn'] as const).map((name) => [name, name] as const),
  ['X-Amz-Content-Sha256', 'headers'],
]);

function toProblem(error: unknown): FieldProblem {
  const message = error instanceof Error ? error.message : String(error);
  const [name = ''] = message.split(':', 1);
  const isOfHeaders = /^Line \d+,/.test(message);
  return { field: isOfHeaders ? 'headers' : FIELDS.get(name), message };
}

/** Whether signing went wrong. */
export function isProblem(result: object): result is FieldProblem {
  return 'message' in result && 'field' in result;
}

/** The lines of a canonical request, each with what it is. */
function annotateCanonicalRequest(text: string): readonly AnnotatedLine[] {
  const lines = text.split('\n');
  const end = lines.indexOf('', 3);
  return lines.map((line, i) => ({ text: line, meaning: describeLine(i, end) }));
}

function describeLine(i: number, end: number): string {
  const first = ['method', 'path', 'query'][i];
  if (first !== undefined) return first;
  if (i < end) return 'header';
  return ['end of headers', 'signed headers', 'payload hash'][i - end] ?? '';
}

const STRING_TO_SIGN = ['algorithm', 'date', 'scope', 'canonical request hash'];

function annotateLines(lines: readonly string[], meanings: readonly string[]): readonly AnnotatedLine[] {
  return lines.map((text, i) => ({ text, meaning: meanings[i] ?? '' }));
}
