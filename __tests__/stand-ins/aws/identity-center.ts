/**
 * A stand-in for the portal of IAM Identity Center ("SSO"), after GetRoleCredentials of its API Reference: the access
 * token of a signed-in user, an account and a role for a set of credentials.
 */
import { createRawServer, headerValues, type RawServer, type ReceivedRequest } from 'strict-sigv4-verifier';
import type { TemporarySet } from './credential-set.js';

export interface IdentityCenterOptions {
  readonly accessToken: string;
  readonly accountId: string;
  readonly roleName: string;
  readonly set: TemporarySet;
}

/** A server that has not started yet. */
export const createIdentityCenter = ({ set, ...expected }: IdentityCenterOptions): RawServer =>
  createRawServer(({ method, target, headers }: ReceivedRequest) => {
    const { pathname, searchParams } = new URL(target, 'http://portal');
    const isGranted =
      method === 'GET' &&
      pathname === '/federation/credentials' &&
      searchParams.get('account_id') === expected.accountId &&
      searchParams.get('role_name') === expected.roleName &&
      headerValues(headers, 'x-amz-sso_bearer_token').join() === expected.accessToken;
    const { expiration, ...keys } = set;
    return {
      status: isGranted ? 200 : 401,
      headers: {
        'Content-Type': 'application/json',
        ...(!isGranted && { 'x-amzn-ErrorType': 'UnauthorizedException' }),
      },
      body: JSON.stringify(
        isGranted
          ? { roleCredentials: { ...keys, expiration: expiration.getTime() } }
          : { message: 'Session token not found or invalid' },
      ),
    };
  });
