/**
 * A stand-in for the instance metadata service in its version 2, after "Use the Instance Metadata Service to access
 * instance metadata" (EC2 User Guide): a session token by PUT, without which everything else is 401 Unauthorized.
 */
import { randomBytes } from 'node:crypto';
import {
  createRawServer,
  headerValues,
  type RawResponse,
  type RawServer,
  type ReceivedRequest,
} from 'strict-sigv4-verifier';
import { formatSet, type TemporarySet } from './credential-set.js';

export interface InstanceMetadataOptions {
  readonly roleName: string;
  readonly set: TemporarySet;
}

const ROLES_PATH = '/latest/meta-data/iam/security-credentials/';
const MAX_TOKEN_SECONDS = 21_600;

const answerText = (status: number, body: string): RawResponse => ({
  status,
  headers: { 'Content-Type': 'text/plain' },
  body,
});

/** "the token TTL [...] a minimum of one second and a maximum of six hours"; one that came by a proxy is refused. */
const grantsToken = ({ headers }: ReceivedRequest): boolean => {
  const seconds = Number(headerValues(headers, 'x-aws-ec2-metadata-token-ttl-seconds')[0]);
  return seconds >= 1 && seconds <= MAX_TOKEN_SECONDS && headerValues(headers, 'x-forwarded-for').length === 0;
};

/** A server that has not started yet. */
export const createInstanceMetadata = ({ roleName, set }: InstanceMetadataOptions): RawServer => {
  const token = randomBytes(42).toString('base64');
  return createRawServer((request: ReceivedRequest) => {
    const { method, target, headers } = request;
    if (method === 'PUT' && target === '/latest/api/token') {
      return grantsToken(request) ? answerText(200, token) : answerText(400, 'Bad Request');
    }
    if (headerValues(headers, 'x-aws-ec2-metadata-token').join() !== token) return answerText(401, 'Unauthorized');
    if (method === 'GET' && target === ROLES_PATH) return answerText(200, roleName);
    return method === 'GET' && target === `${ROLES_PATH}${roleName}`
      ? answerText(200, JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...formatSet(set) }))
      : answerText(404, 'Not Found');
  });
};
