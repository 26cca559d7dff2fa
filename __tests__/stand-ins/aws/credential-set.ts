/** Sets of credentials that a source hands out, each with an id and a secret that no other set has. */
import { randomBytes } from 'node:crypto';

export interface LongTermSet {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface TemporarySet extends LongTermSet {
  readonly sessionToken: string;
  readonly expiration: Date;
}

export type CredentialSet = LongTermSet | TemporarySet;

const HOUR_MS = 60 * 60 * 1000;

/** As IAM's: "AKIA", and a secret with the characters of Base64. */
export const createLongTermSet = (source: string): LongTermSet => ({
  accessKeyId: `AKIA${source}${randomBytes(4).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
});

/** As STS's: "ASIA", and a long token in which "+", "/" and "=" have to survive XML, JSON, INI and a header. */
export const createTemporarySet = (source: string, lifeMs = HOUR_MS): TemporarySet => ({
  ...createLongTermSet(source),
  accessKeyId: `ASIA${source}${randomBytes(4).toString('hex').toUpperCase()}`,
  sessionToken: `+/${randomBytes(301).toString('base64')}`,
  expiration: new Date(Date.now() + lifeMs),
});

/** The JSON in which container endpoint and instance metadata hand out a set. */
export const formatSet = (set: TemporarySet): Readonly<Record<string, string>> => ({
  AccessKeyId: set.accessKeyId,
  SecretAccessKey: set.secretAccessKey,
  Token: set.sessionToken,
  Expiration: set.expiration.toISOString(),
});

/** A section of a shared file (INI). */
export const formatProfile = (heading: string, set: CredentialSet): readonly string[] => [
  `[${heading}]`,
  `aws_access_key_id = ${set.accessKeyId}`,
  `aws_secret_access_key = ${set.secretAccessKey}`,
  ...('sessionToken' in set ? [`aws_session_token = ${set.sessionToken}`] : []),
];

export const formatVariables = (set: CredentialSet): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: set.accessKeyId,
  AWS_SECRET_ACCESS_KEY: set.secretAccessKey,
  ...('sessionToken' in set && { AWS_SESSION_TOKEN: set.sessionToken }),
});
