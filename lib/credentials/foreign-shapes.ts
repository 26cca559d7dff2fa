/** Things that are taken for credentials, and what to write instead, where a function can give credentials too. */
import { CredentialsError } from '../errors.js';
import { isMethod, isOfSdk2, isWithoutKey, readMember } from '../sigv4/credentials.js';

const OF_SDK_2 =
  'is of the AWS SDK 2, whose fields hold once it was asked; pass a function: credentials: async () => { await ' +
  'old.getPromise(); const { accessKeyId, secretAccessKey, sessionToken, expireTime } = old; return ' +
  '{ accessKeyId, secretAccessKey, sessionToken, expiration: expireTime }; }';
const OF_AWS_API =
  'is spelled as AWS APIs do; pass { accessKeyId: its.AccessKeyId, secretAccessKey: its.SecretAccessKey, ' +
  'sessionToken: its.SessionToken, expiration: new Date(its.Expiration) }';

/** What to write, by a member that things without a secret have. */
const WITHOUT_KEY: readonly (readonly [member: string, instead: string])[] = [
  [
    'getCredentials',
    'has getCredentials(), which nobody calls; pass a function: credentials: () => provider.getCredentials()',
  ],
  ['credentials', 'has credentials one level too deep; pass credentials: its.credentials'],
  [
    'Credentials',
    'is the whole answer of an AWS API; pass the fields of its Credentials as accessKeyId, secretAccessKey, ' +
      'sessionToken and expiration',
  ],
  ['AccessKeyId', OF_AWS_API],
  ['SecretAccessKey', OF_AWS_API],
];

/** @throws CredentialsError for what is taken for credentials and is not, with what to write instead */
export function assertKnownShape(thing: object): void {
  const instead = adviseOn(thing);
  if (instead !== undefined) throw new CredentialsError(`credentials: ${instead}`);
}

function adviseOn(thing: object): string | undefined {
  if (isMethod(thing, 'then')) return 'is a promise; pass a function that gives one';
  if (isOfSdk2(thing)) return OF_SDK_2;
  if (!isWithoutKey(thing)) return undefined;
  return WITHOUT_KEY.find(([member]) => readMember(thing, member) !== undefined)?.[1];
}
