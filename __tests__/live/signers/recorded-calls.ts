/** What boto3 and the AWS CLI are told to do, each call one request; what comes of it is read off the wire. */
import type { ReceivedRequest } from 'strict-sigv4-verifier';
import { runProgram, runPython, bareEnvironment } from './installed-signers.js';
import type { Recorder } from './recorder.js';
import { allCredentials, region } from './signed-on-the-wire.js';

type Call = readonly [service: string, operation: string, parameters: Readonly<Record<string, unknown>>];

const bucket = { Bucket: 'my-bucket' };
const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
const domainArn = 'arn:aws:es:eu-west-1:123456789012:domain/my-domain';
const key = 'Grüße & co/a b+c/~*(1).txt';

export const boto3Calls: readonly Call[] = [
  ['s3', 'put_object', { ...bucket, Key: key, Body: 'Hello', Metadata: { a: '1', b: 'a  b' }, ACL: 'private' }],
  ['s3', 'put_object', { ...bucket, Key: 'a//b/./c', Body: '', ChecksumAlgorithm: 'SHA256' }],
  ['s3', 'get_object', { ...bucket, Key: key, Range: 'bytes=0-4', VersionId: 'a+b/c=', ResponseContentType: 'a/b' }],
  ['s3', 'head_object', { ...bucket, Key: '日本/😀', IfNoneMatch: '"etag"' }],
  ['s3', 'delete_object', { ...bucket, Key: 'a%2Fb%20c' }],
  ['s3', 'list_objects_v2', { ...bucket, Prefix: 'ü b+', Delimiter: '/', StartAfter: '~*', MaxKeys: 3 }],
  ['s3', 'list_buckets', {}],
  ['s3', 'copy_object', { ...bucket, Key: 'copy', CopySource: 'my-bucket/Grüße a+b?versionId=1' }],
  ['s3', 'delete_objects', { ...bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'é<&>' }] } }],
  ['s3', 'put_object_tagging', { ...bucket, Key: 'a', Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }],
  ['s3', 'create_multipart_upload', { ...bucket, Key: 'parts', ContentType: 'text/plain', StorageClass: 'STANDARD' }],
  ['s3', 'upload_part', { ...bucket, Key: 'parts', UploadId: 'a.b~c', PartNumber: 1, Body: 'part' }],
  [
    'lambda',
    'invoke',
    { FunctionName: functionArn, Payload: '{"a":"é"}', Qualifier: '$LATEST', ClientContext: 'e30=' },
  ],
  ['lambda', 'list_functions', { MaxItems: 10, Marker: 'a+b/c=' }],
  ['lambda', 'untag_resource', { Resource: functionArn, TagKeys: ['b', 'a', 'a b'] }],
  ['lambda', 'delete_function', { FunctionName: functionArn }],
  ['es', 'describe_elasticsearch_domain', { DomainName: 'my-domain' }],
  ['es', 'list_tags', { ARN: domainArn }],
  ['opensearch', 'list_tags', { ARN: domainArn }],
  ['opensearch', 'update_domain_config', { DomainName: 'my-domain', AccessPolicies: '{"é":1}' }],
  ['apigateway', 'get_resources', { restApiId: 'abc', embed: ['methods'], limit: 5 }],
  ['apigateway', 'test_invoke_method', { restApiId: 'abc', resourceId: 'r', httpMethod: 'GET', body: 'ü' }],
  ['apigateway', 'tag_resource', { resourceArn: 'arn:aws:apigateway:eu-west-1::/restapis/abc', tags: { a: 'b' } }],
  ['iot-data', 'publish', { topic: 'a/b c/+', payload: 'Hello', qos: 1 }],
  ['dynamodb', 'get_item', { TableName: 'items', Key: { id: { S: 'ü' } } }],
  ['sqs', 'send_message', { QueueUrl: 'http://localhost/1/q', MessageBody: 'a+b &=ü' }],
  ['sts', 'get_caller_identity', {}],
  ['secretsmanager', 'get_secret_value', { SecretId: 'a/b' }],
  ['glacier', 'list_vaults', { limit: '5' }],
  ['iam', 'get_user', { UserName: 'a+b@c' }],
];

/** The AWS CLI's commands: `body.bin` is a file of a few bytes. */
export const cliCommands: readonly (readonly string[])[] = [
  ['s3api', 'put-object', '--bucket', 'my-bucket', '--key', key, '--body', 'body.bin', '--metadata', 'a=1,b=x  y'],
  ['s3api', 'get-object', '--bucket', 'my-bucket', '--key', key, '--range', 'bytes=0-4', '--version-id', 'a+/=', 'out'],
  ['s3api', 'head-object', '--bucket', 'my-bucket', '--key', '日本/😀//a'],
  ['s3api', 'delete-object', '--bucket', 'my-bucket', '--key', 'a%2Fb'],
  ['s3api', 'list-objects-v2', '--bucket', 'my-bucket', '--prefix', 'ü b+', '--delimiter', '/', '--no-paginate'],
  ['s3api', 'put-object-tagging', '--bucket', 'my-bucket', '--key', 'a', '--tagging', 'TagSet=[{Key=é,Value=v}]'],
  ['s3api', 'copy-object', '--bucket', 'my-bucket', '--key', 'copy', '--copy-source', 'my-bucket/a%20b'],
  [
    'lambda',
    'invoke',
    '--function-name',
    functionArn,
    '--payload',
    'fileb://body.bin',
    '--qualifier',
    '$LATEST',
    'out',
  ],
  ['lambda', 'list-functions', '--max-items', '5', '--no-paginate'],
  ['lambda', 'untag-resource', '--resource', functionArn, '--tag-keys', 'b', 'a', 'a b'],
  ['opensearch', 'describe-domain', '--domain-name', 'my-domain'],
  ['opensearch', 'list-tags', '--arn', domainArn],
  ['apigateway', 'get-resources', '--rest-api-id', 'abc', '--embed', 'methods', '--no-paginate'],
  ['iot-data', 'publish', '--topic', 'a/b c', '--payload', 'fileb://body.bin', '--qos', '1'],
  ['dynamodb', 'get-item', '--table-name', 'items', '--key', '{"id":{"S":"ü"}}'],
  ['sts', 'get-caller-identity'],
  ['iam', 'get-user', '--user-name', 'a+b@c'],
  ['secretsmanager', 'get-secret-value', '--secret-id', 'a/b'],
  ['es', 'list-domain-names', '--engine-type', 'OpenSearch'],
  ['apigateway', 'untag-resource', '--resource-arn', 'arn:aws:apigateway:eu-west-1::/apis/a', '--tag-keys', 'k', 'é'],
  ['s3', 'cp', 'body.bin', 's3://my-bucket/a b/+é', '--content-type', 'text/plain', '--acl', 'private'],
  ['s3', 'ls', 's3://my-bucket/a b/'],
  ['s3', 'rm', 's3://my-bucket/a*b'],
];

export async function sendByBoto3(recorder: Recorder): Promise<readonly ReceivedRequest[]> {
  const job = { origin: recorder.origin, region, calls: boto3Calls, ...allCredentials.temporary };
  return recorder.capture(() => runPython('boto3-calls.py', job));
}

/** @param folder has the file `body.bin`, and takes what the command writes */
export async function sendByCli(
  recorder: Recorder,
  command: readonly string[],
  folder: string,
): Promise<readonly ReceivedRequest[]> {
  const env = {
    ...bareEnvironment,
    HOME: folder,
    AWS_ACCESS_KEY_ID: allCredentials.longTerm.accessKeyId,
    AWS_SECRET_ACCESS_KEY: allCredentials.longTerm.secretAccessKey,
    AWS_REGION: region,
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  const args = ['--endpoint-url', recorder.origin, ...command];
  let failure: unknown;
  const arrived = await recorder.capture(() =>
    runProgram('/usr/bin/aws', args, { env, cwd: folder }).catch((reason: unknown) => {
      failure = reason;
    }),
  );
  // That the answer is no real one may fail a command that has been sent.
  if (arrived.length === 0) throw failure;
  return arrived;
}
