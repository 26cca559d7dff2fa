/** What is found of a refused signature, of what it is found, and the words that findings share. */
import type { LineDifference } from './differences.js';
import type { RefusalCause } from './explanation.js';
import type { RefusalDetails } from './refusal-details.js';
import type { ShowSide } from './shown-lines.js';

/** A cause with its sentence; `differences` may bear secrets still. */
export interface Finding {
  readonly cause: RefusalCause;
  /** Without a full stop. */
  readonly summary: string;
  readonly differences: readonly LineDifference[];
}

/** A refusal, and what of the request it is about. */
export interface RefusedSignature {
  readonly details: RefusalDetails;
  /** What healing found it to be refused for. */
  readonly healable: 'clock' | 'token' | undefined;
  /** The server's time, in ms since the epoch. */
  readonly serverMs: number | undefined;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly amzDate: string;
  /** Whether the clock gave the date, and not the request's own headers. */
  readonly isDateOurs: boolean;
  readonly scope: Scope;
  readonly accessKeyId: string;
  readonly hasToken: boolean;
  /** Whether a session of S3 Express has signed. */
  readonly isOfSession: boolean;
  readonly payloadHash: string | undefined;
  readonly show: ShowSide;
}

/** The parts of a credential scope. */
export interface Scope {
  readonly date: string;
  /** Under SigV4a the set of regions, which is a header or parameter of its own. */
  readonly region: string;
  readonly service: string;
  readonly isSigV4a: boolean;
}

/** A finding. */
export function tell(cause: RefusalCause, summary: string, differences: readonly LineDifference[] = []): Finding {
  return { cause, summary, differences };
}

/** `the access key ending in MPLE`: whose it is can be told by that, and no more is shown. */
export function describeKey(accessKeyId: string): string {
  return `the access key${describeEnd(accessKeyId)}`;
}

/** ` ending in MPLE`; nothing where a key is too short for that. */
export function describeEnd(accessKeyId: string): string {
  return /^\w{16,}$/.test(accessKeyId) ? ` ending in ${accessKeyId.slice(-4)}` : '';
}

/** A name that may be shown, whoever wrote it. */
export function readName(text: string | undefined): string | undefined {
  const name = text?.trim();
  return name !== undefined && /^[\w-]{1,64}$/.test(name) ? name : undefined;
}
