/**
 * Compiles options into a plan in which nothing is optional: once for an interceptor, and again for a request's own.
 */
import { LearnedSkews, defaultClock, type Clock } from '../time/clock.js';
import { createCredentialsSource } from '../credentials/credentials.js';
import { isDerivedKey } from '../credentials/derived-key.js';
import { Aws4AuthError, CredentialsError } from '../errors.js';
import { assertOptions, OPTIONS } from './option-table.js';
import type { Aws4Options } from './options.js';
import type { PlanRequest, SendingPlan } from '../sending/request-signer.js';
import { readOptions } from '../sending/sealed-options.js';
import { assertKeyOwner } from '../sigv4/credentials.js';
import { createHeaderSelection } from '../sigv4/signed-headers.js';
import { assertScopePart } from '../sigv4/scoped-key.js';
import { isRegionSet } from '../sigv4/region-set.js';
import type { Signer } from '../signing/signing-plan.js';

/** The skews that healing has learned, by the clock that they were measured with. */
type SkewsByClock = WeakMap<Clock, LearnedSkews>;

/**
 * Compiles the options of an interceptor.
 *
 * @param isForOnce whether they are for one request, so that what outlives it is kept with the credentials that they name
 * @returns what gives the plan of a request: the interceptor's own, or with the request's `aws4` on top of it
 * @throws Aws4AuthError `ERR_INVALID_OPTION` which names the option; CredentialsError; EndpointError
 */
export function compileOptions(given: unknown, isForOnce = false): PlanRequest {
  const options = assertOptions(given);
  const skewsByClock: SkewsByClock = new WeakMap();
  const keeper = isForOnce ? (options.credentials ?? options.signingKey ?? NO_OPTIONS) : skewsByClock;
  const plan = createPlan(options, NO_OPTIONS, createSigner(options), skewsByClock, keeper);
  return (config) => {
    const aws4 = readOptions(Object.hasOwn(config, 'aws4') ? config.aws4 : undefined);
    if (aws4 === undefined || aws4 === false) return plan;
    const own = assertOptions(aws4);
    // Who signs is one decision: a request that says anything of it says all of it, so that no key is used with the
    // token of another.
    const namesSigner = SIGNER_OPTIONS.some((name) => own[name] !== undefined);
    return createPlan(options, own, namesSigner ? createSigner(own) : plan.signer, skewsByClock, keeper);
  };
}

const NO_OPTIONS: Aws4Options = assertOptions({});

const SIGNER_OPTIONS = ['credentials', 'signingKey', 'accessKeyId', 'sessionToken'] as const;

function createPlan(
  options: Aws4Options,
  ofRequest: Aws4Options,
  signer: Signer,
  skewsByClock: SkewsByClock,
  sessionOwner: object,
): SendingPlan {
  const chosen = mergeOptions(options, ofRequest);
  const { region, service, algorithm, clock = defaultClock, heal = OPTIONS.heal.byDefault } = chosen;
  // The host may be one that needs SigV4a, which signs for sets of regions.
  if (region !== undefined && (algorithm === 'sigv4' || !isRegionSet(region))) assertScopePart('region', region);
  if (algorithm === 'sigv4a' && isDerivedKey(signer)) {
    throw new Aws4AuthError("signingKey: cannot sign with algorithm: 'sigv4a'; pass credentials", 'ERR_INVALID_OPTION');
  }
  createHeaderSelection(chosen.signedHeaders);
  return {
    region,
    service: service === undefined ? undefined : assertScopePart('service', service),
    algorithm,
    signer,
    signingKey: isDerivedKey(signer) ? signer.signingKey : undefined,
    onDateMismatch: chosen.onDateMismatch ?? OPTIONS.onDateMismatch.byDefault,
    onInvalidDate: chosen.onInvalidDate ?? OPTIONS.onInvalidDate.byDefault,
    signedHeaders: chosen.signedHeaders,
    payload: chosen.payload,
    isPayloadOfRequest: ofRequest.payload !== undefined,
    checksum: chosen.checksum,
    contentEncoding: chosen.contentEncoding ?? OPTIONS.contentEncoding.byDefault,
    contentSha256Header: chosen.contentSha256Header,
    signIn: chosen.signIn ?? OPTIONS.signIn.byDefault,
    expiresIn: chosen.expiresIn,
    querySigning: undefined,
    maxStreamBytes: chosen.maxStreamBytes ?? OPTIONS.maxStreamBytes.byDefault,
    hosts: chosen.hosts,
    elsewhere: chosen.elsewhere ?? OPTIONS.elsewhere.byDefault,
    clock,
    skews: findSkews(skewsByClock, clock, heal),
    heal,
    onSigned: chosen.onSigned,
    s3ExpressSessions: chosen.s3ExpressSessions,
    isOfSession: false,
    sessionOwner,
  };
}

/** Without a prototype, as each of them. */
function mergeOptions(options: Aws4Options, ofRequest: Aws4Options): Aws4Options {
  const merged = { ...options, ...ofRequest };
  Reflect.setPrototypeOf(merged, null);
  return merged;
}

/** The skews learned with a clock. Under `heal: false`, none are used and none are kept. */
function findSkews(skewsByClock: SkewsByClock, clock: Clock, heal: boolean): LearnedSkews {
  const known = heal ? skewsByClock.get(clock) : undefined;
  if (known !== undefined) return known;
  const skews = new LearnedSkews();
  if (heal) skewsByClock.set(clock, skews);
  return skews;
}

function createSigner({ credentials, signingKey, accessKeyId, sessionToken }: Aws4Options): Signer {
  if (signingKey === undefined) {
    if (accessKeyId === undefined && sessionToken === undefined) return createCredentialsSource(credentials);
    const name = accessKeyId === undefined ? 'sessionToken' : 'accessKeyId';
    throw new CredentialsError(`${name}: goes with signingKey; without one, put it into credentials`);
  }
  if (credentials !== undefined) {
    throw new CredentialsError('signingKey: stands in place of credentials; pass one of them');
  }
  return { signingKey, ...assertKeyOwner({ accessKeyId, sessionToken }) };
}
