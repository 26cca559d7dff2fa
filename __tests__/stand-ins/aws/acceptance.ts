/** The server that a signed request has to satisfy, and under which credentials it accepted each. */
import type { VerifyingServer } from 'strict-sigv4-verifier';
import { createServer, describeRequest } from '../test-server.js';
import type { CredentialSet } from './credential-set.js';

/** A server that accepts what is signed under one of these sets, until that expires, and nothing else. */
export const createVerifier = (sets: readonly CredentialSet[]): VerifyingServer =>
  createServer({ secretFor: (accessKeyId) => sets.find((set) => set.accessKeyId === accessKeyId) });

/** Which credentials a request showed. */
export interface Shown {
  readonly accessKeyId: string;
  readonly sessionTokens: readonly string[];
}

/** Under which credentials each request to a verifier was accepted, or the code of why it was not. */
export const listAccepted = ({ verifications }: VerifyingServer): readonly Shown[] =>
  verifications.map(({ request, verdict }) => ({
    accessKeyId: verdict.ok ? verdict.accessKeyId : verdict.code,
    sessionTokens: describeRequest(request).header('x-amz-security-token'),
  }));

/** What a request shows that is signed under this set. */
export const under = (set: CredentialSet): Shown => ({
  accessKeyId: set.accessKeyId,
  sessionTokens: 'sessionToken' in set ? [set.sessionToken] : [],
});
