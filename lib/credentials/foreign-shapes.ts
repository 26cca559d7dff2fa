/** Things that are taken for credentials, and what to write instead, where a function can give credentials too. */
import { CredentialsError } from '../errors.js';
import { isMethod, isOfSdk2, isWithoutKey, readMember } from '../sigv4/credentials.js';

const FOREIGN_SHAPES: readonly (readonly [is: (thing: object) => boolean, instead: string])[] = [
  [(thing) => isMethod(thing, 'then'), 'is a promise; pass a function that gives one'],
  [
    isOfSdk2,
    'is of the AWS SDK 2, whose fields hold once it was asked; pass a function: credentials: async () => { await ' +
      'old.getPromise(); const { accessKeyId, secretAccessKey, sessionToken, expireTime } = old; return ' +
      '{ accessKeyId, secretAccessKey, sessionToken, expiration: expireTime }; }',
  ],
  [
    (thing) => isWithoutKey(thing) && isMethod(thing, 'getCredentials'),
    'has getCredentials(), which nobody calls; pass a function: credentials: () => provider.getCredentials()',
  ],
  [
    (thing) => isWithoutKey(thing) && readMember(thing, 'credentials') !== undefined,
    'has credentials one level too deep; pass credentials: its.credentials',
  ],
  [
    (thing) => isWithoutKey(thing) && readMember(thing, 'Credentials') !== undefined,
    'is the whole answer of an AWS API; pass the fields of its Credentials as accessKeyId, secretAccessKey, ' +
      'sessionToken and expiration',
  ],
  [
    (thing) => isWithoutKey(thing) && ['AccessKeyId', 'SecretAccessKey'].some((name) => Object.hasOwn(thing, name)),
    'is spelled as AWS APIs do; pass { accessKeyId: its.AccessKeyId, secretAccessKey: its.SecretAccessKey, ' +
      'sessionToken: its.SessionToken, expiration: new Date(its.Expiration) }',
  ],
];

/** @throws CredentialsError for what is taken for credentials and is not, with what to write instead */
export function assertKnownShape(thing: object): void {
  const instead = FOREIGN_SHAPES.find(([is]) => is(thing))?.[1];
  if (instead !== undefined) throw new CredentialsError(`credentials: ${instead}`);
}
