/** The trace of a signature, as it is shown to others: free of every header that is a secret. */
import type { SigningTrace } from '../sigv4/signing-stages.js';

/**
 * Tokens, SSE-C's keys, MFA codes, cookies, API keys, passwords. Names are matched by what they sound like: a list of
 * them would lag behind.
 */
const SECRET_HEADER =
  /authorization|cookie|token|secret|passw|credential|signature|mfa|session-?id|api-?key|access-?key|(?<!idempotency)-key$/;
const SECRET_PARAMETER = /((?:^|&)x-amz-(?:(?:security|s3session)-token|signature)=)[^&]+/gi;

/** Whether the value of a header, by its name in lower case, is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/**
 * A trace whose canonical request has `REDACTED` in the place of each secret header's value: after method, path and
 * query, it has a line for each signed header, up to an empty line.
 */
export function redactTrace(trace: SigningTrace): SigningTrace {
  const [method = '', path = '', query = '', ...rest] = trace.canonicalRequest.split('\n');
  const end = rest.indexOf('');
  const lines = rest.map((line, i) => {
    const name = line.slice(0, line.indexOf(':'));
    return i < end && isSecretName(name) ? `${name}:REDACTED` : line;
  });
  const shownQuery = query.replace(SECRET_PARAMETER, '$1REDACTED');
  return { ...trace, canonicalRequest: [method, path, shownQuery, ...lines].join('\n') };
}

/**
 * Shows a trace to the caller's `onSigned`. Whatever that throws, or rejects with, concerns no request: it is told to
 * the console, where it is neither lost nor the end of the process.
 */
export function showTrace(onSigned: (trace: SigningTrace) => unknown, trace: SigningTrace): void {
  try {
    const returned = onSigned(redactTrace(trace));
    if (isThenable(returned)) returned.then(undefined, reportFailure);
  } catch (error) {
    reportFailure(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function reportFailure(error: unknown): void {
  console.error('axios-aws4auth: onSigned failed; the request goes on.', error);
}
