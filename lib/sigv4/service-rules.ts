/** What differs by service in SigV4: the path's encoding, the content hash as a header, the payload; and its spelling. */
import { Aws4AuthError } from '../errors.js';

/**
 * Whether the body's hash is signed, or the literal `UNSIGNED-PAYLOAD` in its place.
 *
 * @example
 * aws4Interceptor({ payload: 'unsigned' });
 */
export type PayloadMode = 'signed' | 'unsigned';

/** The rules that a service's verifier follows. */
export interface ServiceRules {
  /** Whether dot segments and empty segments are removed from the path (RFC 3986, section 6.2.2.3). */
  readonly normalizePath: boolean;
  /** Whether the path is percent-encoded once more than on the wire. */
  readonly doubleEncodePath: boolean;
  /**
   * Whether the service requires `X-Amz-Content-Sha256`. It is sent then; in Node the interceptor sends it always.
   */
  readonly contentSha256Header: boolean;
  /** What stands for the body, unless an option or the request's own `X-Amz-Content-Sha256` says otherwise. */
  readonly payload: PayloadMode;
}

const usual: ServiceRules = {
  normalizePath: true,
  doubleEncodePath: true,
  contentSha256Header: false,
  payload: 'signed',
};
const s3: ServiceRules = { ...usual, normalizePath: false, doubleEncodePath: false, contentSha256Header: true };
const withContentSha256: ServiceRules = { ...usual, contentSha256Header: true };

const rulesByService: ReadonlyMap<string, ServiceRules> = new Map([
  ['s3', s3],
  ['s3express', s3],
  ['s3-outposts', s3],
  ['s3-object-lambda', s3],
  ['aoss', withContentSha256],
  ['glacier', withContentSha256],
  // VPC Lattice refuses a payload's hash: it only takes UNSIGNED-PAYLOAD.
  ['vpc-lattice-svcs', { ...withContentSha256, payload: 'unsigned' }],
]);

/** Whether a service is S3 or of its kin, which are at home in each other's regions. */
export function isS3Kin(service: string): boolean {
  return rulesFor(service) === s3;
}

/** The rules of a service, by its signing name. */
export function rulesFor(service: string): ServiceRules {
  return rulesByService.get(service) ?? usual;
}

// AWS's names that have an upper case, by botocore's and earlier service models; and those of the others that people sign
// for by hand.
const SIGNING_NAMES =
  ' AWSMobileHubService IngestionService IoTSecuredTunneling apigateway appsync aps athena bedrock cloudformation ' +
  'cloudfront cognito-identity cognito-idp dsql dynamodb ec2 ecr ecs eks es events execute-api firehose geo glue ' +
  'iam iot iotdata iotdevicegateway kinesis kms lambda logs monitoring neptune-db rds rds-data rds-db route53 ' +
  's3tables s3vectors sagemaker secretsmanager ses sns sqs ssm states sts ';

/**
 * A service's signing name in its one spelling, whatever case it is given in: servers and the rules above compare it to
 * the letter.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for a name with an upper case that is not known to be AWS's
 */
export function spellService(service: string): string {
  const lowerCase = service.toLowerCase();
  const start = SIGNING_NAMES.toLowerCase().indexOf(` ${lowerCase} `) + 1;
  if (start > 0) return SIGNING_NAMES.slice(start, start + service.length);
  if (lowerCase === service || rulesByService.has(lowerCase)) return lowerCase;
  throw new Aws4AuthError(
    `service: ${JSON.stringify(service)} is no signing name of AWS; write '${lowerCase}'`,
    'ERR_INVALID_OPTION',
  );
}
