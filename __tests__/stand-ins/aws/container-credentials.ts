/**
 * A stand-in for the endpoint that hands credentials to a container, after "Container credential provider" (AWS SDKs
 * and Tools Reference Guide): the agent of ECS or of EKS Pod Identity.
 */
import {
  createRawServer,
  headerValues,
  type RawResponse,
  type RawServer,
  type ReceivedRequest,
} from 'strict-sigv4-verifier';
import { formatSet, type TemporarySet } from './credential-set.js';

export interface ContainerCredentialsOptions {
  readonly path: string;
  /** The Authorization header, word for word, that a request has to bear; by default there may be none. */
  readonly authorization?: string;
  /** Gives the set for each request that is granted. */
  readonly issue: () => TemporarySet;
}

const answerJson = (status: number, body: object): RawResponse => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** A server that has not started yet. */
export const createContainerCredentials = (options: ContainerCredentialsOptions): RawServer => {
  const expected = options.authorization === undefined ? [] : [options.authorization];
  return createRawServer(({ method, target, headers }: ReceivedRequest) => {
    if (method !== 'GET' || target !== options.path) return answerJson(404, { Code: 'NoIdMapping', Message: target });
    const given = headerValues(headers, 'authorization');
    return given.join() === expected.join()
      ? answerJson(200, { RoleArn: 'arn:aws:iam::123456789012:role/task', ...formatSet(options.issue()) })
      : answerJson(401, { Code: 'AccessDenied', Message: 'The Authorization header is not the one of this container' });
  });
};
