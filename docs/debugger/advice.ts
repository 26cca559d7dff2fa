/** What to do about each cause of a refusal. */
import type { RefusalCause } from '../../lib/sending/explanation.js';
import type { SignatureCheck } from './refusal.js';

/** A cause as a heading, and what to do. */
export interface Advice {
  readonly title: string;
  readonly whatToDo: string;
}

/** The advice for each cause. */
export const ADVICE: Readonly<Record<RefusalCause, Advice>> = {
  secret: {
    title: 'The key',
    whatToDo:
      'Check that secret and access key belong together, and to this account or store. A secret that was pasted may ' +
      'have lost a + or /, or have white space at its ends; one that was rotated may be an old one.',
  },
  method: {
    title: 'The method',
    whatToDo: 'Find what changes the method on the way: a redirect, a method override, a proxy. Sign what arrives.',
  },
  path: {
    title: 'The path',
    whatToDo:
      'Sign for the path that the service sees, or have the proxy, stage or custom domain pass the path on as it is. ' +
      'For S3 a path is encoded once, for other services twice: the name of the service decides.',
  },
  query: {
    title: 'The query',
    whatToDo:
      'Sign the query as it is sent, and let nothing on the way add, drop or encode parameters. A space is %20 and a ' +
      'plus is %2B; a parameter without a value still has its =.',
  },
  headers: {
    title: 'A header',
    whatToDo:
      'Sign the header as the service sees it, or leave it out of the signed headers if something on the way changes ' +
      'it. Host, Content-Type and all X-Amz- headers must be signed.',
  },
  payload: {
    title: 'The body',
    whatToDo:
      'Sign the very bytes that are sent: after compression, after JSON was made, with the same line ends and charset. ' +
      'Look for a proxy or a client that encodes the body again.',
  },
  date: {
    title: 'The date',
    whatToDo:
      'Set the clock (NTP), and sign when you send: most services take a signature for five minutes, S3 for fifteen. ' +
      'A presigned URL is good as long as its X-Amz-Expires says.',
  },
  token: {
    title: 'The session token',
    whatToDo:
      'Get fresh credentials, and send all three parts of one set: access key, secret and token. A key that begins ' +
      'with ASIA is never good without its token.',
  },
  scope: {
    title: 'The region or service',
    whatToDo:
      'Sign for the region that the resource is in, and for the service by its signing name, which is not always that ' +
      'of the hostname: execute-api, es, aoss, lambda, s3.',
  },
  unknown: {
    title: 'The server does not say',
    whatToDo:
      'Sign the same request in the other tab, and compare its canonical request with what your signer logs. Then rule ' +
      'out one after the other: the key, what a proxy changes, the region and the service.',
  },
};

/** What typing the secret would tell; `undefined` where the answer tells more. */
export function describeMissingCheck(cause: RefusalCause): string | undefined {
  if (cause !== 'secret' && cause !== 'unknown') return undefined;
  return 'Type the secret access key above as well: then this page can tell whether the signature itself is right.';
}

/** What a check of the signature tells, by what else is known. */
export function describeCheck(check: SignatureCheck, cause: RefusalCause | undefined): string {
  switch (check) {
    case 'right':
      return cause === 'secret'
        ? 'The signature is the one that this secret gives for the request as it was pasted: the server has another secret for this access key.'
        : 'The signature is the one that this secret gives for the request as it was pasted: the signer did its work, and what differs came on the way, or the server has another secret.';
    case 'wrong':
      return 'The signature is not the one that this secret gives for the request as it was pasted: it was made with another secret, or of another request (changed after it was signed, or made canonical in another way).';
    case 'not possible':
      return 'The signature was not checked: that takes a request with its Authorization header or X-Amz-Signature, signed with AWS4-HMAC-SHA256.';
  }
}
