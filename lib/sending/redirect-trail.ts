/** Where an attempt has got to: what its redirects are decided by, and where the last of them led. */
import type {
  createRedirectPolicy,
  FollowPolicy,
  Hop,
  RedirectedHop,
  RedirectRules,
  RedirectTrail,
} from '../destination/redirect-policy.js';
import { createUrl } from '../platform/standard-url.js';
import { readOwn } from '../request/config.js';
import { readDate, type Attempt } from '../signing/attempt.js';
import { signHop } from '../signing/attempt-signing.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import { readClock } from '../time/clock.js';
import { platform } from '#platform';

/** Where a request was sent last, after all redirects. */
export interface LastHop {
  readonly origin: string;
  /**
   * Whether the request may be sent again from its start: the last hop was signed, and no server has carried it out.
   */
  readonly mayHeal: boolean;
  /** The moment of its signature, in ms since the epoch; `undefined` where the caller chose that. */
  readonly datedMs: number | undefined;
  /** When it was sent, by the uncorrected clock. */
  readonly sentMs: number;
  readonly isRedirected: boolean;
  /** What of it was signed, where a redirect led to it; `undefined` where that went on unsigned. */
  readonly trace?: SigningTrace | undefined;
}

/** Keeps track of the redirects of one attempt. */
export class Trail implements RedirectTrail {
  readonly #attempt: Attempt;
  #isRepeatable: boolean;
  /** Where the last redirect led to. */
  #redirected: LastHop | undefined;
  #decide: FollowPolicy | undefined;

  constructor(attempt: Attempt, mayHeal: boolean) {
    this.#attempt = attempt;
    this.#isRepeatable = mayHeal;
    this.#redirected = undefined;
    this.#decide = undefined;
  }

  get last(): LastHop {
    if (this.#redirected !== undefined) return this.#redirected;
    const { prepared, madeMs } = this.#attempt;
    return {
      origin: prepared.origin,
      mayHeal: this.#isRepeatable,
      datedMs: readDate(this.#attempt),
      sentMs: madeMs,
      isRedirected: false,
    };
  }

  follow(hop: Hop, createPolicy: typeof createRedirectPolicy): RedirectedHop {
    const attempt = this.#attempt;
    const { request, plan } = attempt;
    this.#decide ??= createPolicy(createRedirectRules(attempt), (next, parseHostname) =>
      signHop(attempt, next, parseHostname),
    );
    const { origin, datedMs: dated, sentMs } = this.last;
    // A server that answers a POST with a redirect to a GET has carried it out.
    this.#isRepeatable &&= hop.keepsBody && hop.method === request.method;
    this.#redirected = { origin, mayHeal: false, datedMs: dated, sentMs, isRedirected: true };
    const next = this.#decide(hop);
    const { datedMs, trace } = next;
    platform.debugLog?.redirected(request, hop, datedMs);
    if (datedMs !== undefined) {
      this.#redirected = {
        origin: hop.url.origin,
        mayHeal: this.#isRepeatable,
        datedMs,
        sentMs: readClock(plan.clock),
        isRedirected: true,
        trace,
      };
    }
    return next;
  }
}

function createRedirectRules({ request, endpoint, prepared, plan }: Attempt): RedirectRules {
  return {
    dropSignature: plan.querySigning?.dropSignature,
    from: createUrl(request.url.href),
    hosts: plan.hosts,
    service: endpoint.service,
    isServiceGiven: plan.service !== undefined || plan.signingKey !== undefined,
    needsSecureWay:
      prepared.payload === 'unsigned' &&
      !plan.isPayloadOfRequest &&
      readOwn(request.given.sent, 'X-Amz-Content-Sha256') === undefined,
  };
}
