/**
 * A stand-in for the Security Token Service, after its API Reference (version 2011-06-15, query protocol): AssumeRole,
 * whose signature the strict verifier checks, and AssumeRoleWithWebIdentity, which is not signed.
 */
import {
  createRawServer,
  headerValues,
  type RawResponse,
  type RawServer,
  type ReceivedRequest,
  verifySignature,
} from 'strict-sigv4-verifier';
import type { LongTermSet, TemporarySet } from './credential-set.js';

/** A role and its trust policy: who may assume it, on what conditions, and the set that is handed out for it. */
export interface Role {
  readonly arn: string;
  readonly set: TemporarySet;
  /** Who may assume it with a signature. */
  readonly trusts?: LongTermSet;
  /** sts:ExternalId */
  readonly externalId?: string;
  /** aws:MultiFactorAuthPresent; each code is good for one call, as at AWS. */
  readonly mfa?: { readonly serialNumber: string; readonly codes: readonly string[] };
  /** The token of the identity provider with which it may be assumed without a signature. */
  readonly webIdentityToken?: string;
}

export interface StsOptions {
  readonly region: string;
  readonly roles: readonly Role[];
}

export interface Sts extends RawServer {
  /** The parameters of each call that was granted, in order. */
  readonly granted: readonly Readonly<Record<string, string>>[];
}

type Parameters = Readonly<Record<string, string>>;
type Refusal = readonly [code: string, message: string];

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const NOT_AUTHORIZED: Refusal = ['AccessDenied', 'The caller is not authorized to perform sts:AssumeRole on the role'];
const WRONG_MFA_CODE: Refusal = [
  'AccessDenied',
  'MultiFactorAuthentication failed with invalid MFA one time pass code.',
];

const answerXml = (status: number, body: string): RawResponse => ({
  status,
  headers: { 'Content-Type': 'text/xml' },
  body,
});

const answerRefusal = ([code, message]: Refusal): RawResponse =>
  answerXml(
    403,
    `<ErrorResponse xmlns="${NAMESPACE}">
      <Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
      <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
    </ErrorResponse>`,
  );

const answerGrant = (action: string, { set, arn }: Role, sessionName: string): RawResponse =>
  answerXml(
    200,
    `<${action}Response xmlns="${NAMESPACE}">
      <${action}Result>
        <AssumedRoleUser>
          <Arn>${arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${sessionName}</Arn>
          <AssumedRoleId>AROAEXAMPLE:${sessionName}</AssumedRoleId>
        </AssumedRoleUser>
        <Credentials>
          <AccessKeyId>${set.accessKeyId}</AccessKeyId>
          <SecretAccessKey>${set.secretAccessKey}</SecretAccessKey>
          <SessionToken>${set.sessionToken}</SessionToken>
          <Expiration>${set.expiration.toISOString()}</Expiration>
        </Credentials>
      </${action}Result>
      <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
    </${action}Response>`,
  );

/** What both actions ask of a call, by the "Request Parameters" of each. */
const checkParameters = (given: Parameters): Refusal | undefined => {
  if (given['Version'] !== '2011-06-15') return ['NoSuchVersion', 'The version is not 2011-06-15'];
  if (!/^[\w+=,.@-]{2,64}$/.test(given['RoleSessionName'] ?? '')) return ['ValidationError', 'roleSessionName'];
  const seconds = Number(given['DurationSeconds'] ?? 3600);
  return seconds >= 900 && seconds <= 43_200 ? undefined : ['ValidationError', 'durationSeconds'];
};

const checkSigner = (request: ReceivedRequest, role: Role, options: StsOptions): Refusal | undefined => {
  const callers = options.roles.flatMap(({ trusts }) => trusts ?? []);
  const verdict = verifySignature(request, {
    secretFor: (accessKeyId) => callers.find((caller) => caller.accessKeyId === accessKeyId),
    region: options.region,
    service: 'sts',
    now: new Date(),
    pathEncoding: 'double',
    normalizePath: true,
    requireContentSha256: false,
  });
  if (!verdict.ok) return [verdict.code, verdict.message];
  return verdict.accessKeyId === role.trusts?.accessKeyId ? undefined : NOT_AUTHORIZED;
};

const checkConditions = (given: Parameters, role: Role, usedCodes: Set<string>): Refusal | undefined => {
  if (given['ExternalId'] !== role.externalId) return NOT_AUTHORIZED;
  if (given['SerialNumber'] !== role.mfa?.serialNumber) return NOT_AUTHORIZED;
  const code = given['TokenCode'] ?? '';
  if (role.mfa !== undefined && (!role.mfa.codes.includes(code) || usedCodes.has(code))) return WRONG_MFA_CODE;
  usedCodes.add(code);
  return undefined;
};

const checkCall = (
  request: ReceivedRequest,
  { given, role }: { given: Parameters; role: Role },
  { options, usedCodes }: { options: StsOptions; usedCodes: Set<string> },
): Refusal | undefined => {
  const { Action: action } = given;
  if (action === 'AssumeRole') {
    return checkSigner(request, role, options) ?? checkParameters(given) ?? checkConditions(given, role, usedCodes);
  }
  if (action !== 'AssumeRoleWithWebIdentity') return ['InvalidAction', 'This stand-in has no such action'];
  if (headerValues(request.headers, 'authorization').length > 0) return ['InvalidAction', 'It is not to be signed'];
  return role.webIdentityToken !== undefined && given['WebIdentityToken'] === role.webIdentityToken
    ? checkParameters(given)
    : ['InvalidIdentityToken', 'The web identity token is not one that the role trusts'];
};

/** A server that has not started yet. */
export const createSts = (options: StsOptions): Sts => {
  const granted: Parameters[] = [];
  const usedCodes = new Set<string>();
  const handle = (request: ReceivedRequest): RawResponse => {
    const given: Parameters = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    const role = options.roles.find(({ arn }) => arn === given['RoleArn']);
    if (request.method !== 'POST' || request.target !== '/' || role === undefined) return answerRefusal(NOT_AUTHORIZED);
    const refusal = checkCall(request, { given, role }, { options, usedCodes });
    if (refusal !== undefined) return answerRefusal(refusal);
    granted.push(given);
    return answerGrant(given['Action'] ?? '', role, given['RoleSessionName'] ?? '');
  };
  return { ...createRawServer(handle), granted };
};
