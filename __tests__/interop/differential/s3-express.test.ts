/**
 * S3 Express beside AWS's own: what sessions sign, against aws-crt; and the AWS SDK's client and axios with this package,
 * which send the same to one stand-in.
 */
import { Agent } from 'node:http';
import { connect } from 'node:net';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { auth, http } from 'aws-crt';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { aws4Presign } from '../../../lib/index.js';
import { presignUrl, signRequest } from '../../../lib/sigv4/index.js';
import { BUCKET, setExpressStage, ZONAL_HOST } from '../../stand-ins/express-stage.js';
import { MINUTE, SECOND } from '../../stand-ins/healing-stage.js';
import { credentials } from '../../stand-ins/test-server.js';
import { createProvider } from './crt-signer.js';
import { wellBehavedRequests } from './generated-requests.js';
import { sentPathOf, type RequestCase } from './request-case.js';

const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_150_830);
const numRuns = Number(process.env['DIFFERENTIAL_REQUESTS'] ?? 1500);

/** Requests to a directory bucket under a session, whatever they are. */
const sessionRequests: fc.Arbitrary<RequestCase> = wellBehavedRequests
  .filter(({ credentials: { sessionToken } }) => sessionToken !== undefined)
  .map((request) => ({
    ...request,
    origin: `https://${ZONAL_HOST}`,
    service: 's3express',
    omitSessionToken: false,
    ruleOverrides: {},
  }));

/** aws-crt knows S3 Express by a number that its enum has not. */
const S3_EXPRESS: auth.AwsSigningAlgorithm = JSON.parse('2');

async function signWithCrt(request: RequestCase, type: auth.AwsSignatureType): Promise<http.HttpRequest> {
  const { method, query, region, service, date, body = '' } = request;
  const target = `${sentPathOf(request)}${query === '' ? '' : `?${query}`}`;
  const isInQuery = type === auth.AwsSignatureType.HttpRequestViaQueryParams;
  const lines = listHeaders(request).map(([name, value]): [string, string] => [name, value]);
  return auth.aws_sign_request(
    new http.HttpRequest(method, target, new http.HttpHeaders([['Host', ZONAL_HOST], ...lines])),
    {
      algorithm: S3_EXPRESS,
      signature_type: type,
      provider: createProvider(request),
      region,
      service,
      date,
      use_double_uri_encode: false,
      should_normalize_uri_path: false,
      ...(isInQuery && { expiration_in_seconds: 300 }),
      signed_body_value: isInQuery
        ? auth.AwsSignedBodyValue.UnsignedPayload
        : createHash('sha256').update(Buffer.from(body)).digest('hex'),
      signed_body_header: isInQuery
        ? auth.AwsSignedBodyHeaderType.None
        : auth.AwsSignedBodyHeaderType.XAmzContentSha256,
    },
  );
}

function listHeaders({ headers }: RequestCase): readonly (readonly [string, string])[] {
  const amz = headers.filter(([name]) => /^x-amz-(?!client-context$)/i.test(name));
  return amz.map(([name, values]) => [name, values.join(',')] as const);
}

const toOurs = (request: RequestCase) => {
  const { method, origin, path, query, region, service, date, body } = request;
  return {
    request: {
      method,
      url: `${origin}${path}${query === '' ? '' : `?${query}`}`,
      headers: Object.fromEntries(listHeaders(request)),
      body,
    },
    options: { region, service, date, credentials: request.credentials, s3ExpressSession: true },
  };
};

describe('what a session signs is what aws-crt signs', () => {
  it('in headers', async () => {
    await fc.assert(
      fc.asyncProperty(sessionRequests, async (given) => {
        const { request, options } = toOurs(given);
        const theirs = await signWithCrt(given, auth.AwsSignatureType.HttpRequestViaHeaders);
        const { headers } = signRequest(request, options);
        expect(headers.Authorization).toBe(theirs.headers.get('Authorization'));
        expect(headers).toMatchObject({ 'X-Amz-S3session-Token': theirs.headers.get('x-amz-s3session-token') });
      }),
      { seed, numRuns },
    );
  });

  it('in the query', async () => {
    await fc.assert(
      fc.asyncProperty(sessionRequests, async (given) => {
        const { request, options } = toOurs(given);
        const theirs = await signWithCrt(given, auth.AwsSignatureType.HttpRequestViaQueryParams);
        const { trace } = presignUrl(request, { ...options, expiresIn: 300 });
        expect(theirs.path).toContain(`X-Amz-Signature=${trace.signature}`);
      }),
      { seed, numRuns },
    );
  });
});

const stage = setExpressStage();

/** The AWS SDK's client, whose requests to the zonal host all end at the stand-in. */
const createSdkClient = () => {
  const { port } = new URL(stage.origin);
  const httpAgent = new Agent();
  httpAgent.createConnection = () => connect(Number(port), '127.0.0.1');
  return new S3Client({
    region: 'us-east-1',
    endpoint: 'http://s3express-use1-az4.us-east-1.amazonaws.com',
    credentials,
    requestHandler: { httpAgent },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
  });
};

/** What of requests S3 sees: of the SDK's own names, and of how it marks an operation, nothing. */
const describeSent = () =>
  stage.sent().map(({ method, target, header, names }) => {
    const url = new URL(target, 'http://host');
    url.searchParams.delete('x-id');
    const [, signedHeaders = ''] = /SignedHeaders=([^,]*)/.exec(header('authorization').join()) ?? [];
    const isOfSdk = (name: string): boolean => /^(?:amz-sdk-|x-amz-user-agent$|content-length$)/.test(name);
    return {
      method,
      path: url.pathname,
      query: [...url.searchParams.keys()].sort(),
      service: /\/\d{8}\/(.*?)\/aws4_request/.exec(header('authorization').join())?.[1],
      signedHeaders: signedHeaders.split(';').filter((name) => !isOfSdk(name)),
      token: header('x-amz-s3session-token'),
      amz: names.filter((name) => name.startsWith('x-amz-') && !isOfSdk(name)).sort(),
    };
  });

const startAnew = (): void => {
  stage.reset();
  stage.serverMs = Date.now();
};

// The SDK keeps its sessions by the system's clock.
beforeEach(startAnew);

describe("the AWS SDK's client, and axios with this package", () => {
  it('send the same for the same', async () => {
    const signedBy = ['AKIDEXAMPLE', 'SESSION1', 'SESSION1', 'SESSION1', 'SESSION1', 'AKIDEXAMPLE'];
    stage.answerOther = () => ({
      status: 200,
      headers: { 'Content-Type': 'application/xml' },
      body: '<Result/>',
    });
    const sdk = createSdkClient();
    await sdk.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a/b c' }));
    await sdk.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'text', ContentType: 'text/plain', Metadata: { a: 'b' } }),
    );
    await sdk.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    await sdk.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'a/' }));
    await sdk.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'l', CopySource: `${BUCKET}/k` }));
    const theirs = describeSent();
    expect(stage.log().map((line) => line.split(' ').at(-1))).toStrictEqual(signedBy);
    startAnew();
    stage.answerOther = () => ({ status: 200 });
    const ours = stage.connect();
    await ours.get('/a/b c');
    await ours.put('/k', 'text', { headers: { 'Content-Type': 'text/plain', 'x-amz-meta-a': 'b' } });
    await ours.head('/k');
    await ours.get('/', { params: { 'list-type': 2, prefix: 'a/' } });
    await ours.put('/l', undefined, { headers: { 'x-amz-copy-source': `${BUCKET}/k`, 'Content-Type': false } });
    expect(stage.log().map((line) => line.split(' ').at(-1))).toStrictEqual(signedBy);
    expect(describeSent()).toStrictEqual(theirs);
  });

  it('presign the same query', async () => {
    const { url: ours } = await aws4Presign(
      {
        url: `http://${ZONAL_HOST}:${new URL(stage.origin).port}/k`,
        lookup: (_: string, __: object, done: (error: null, address: string, family: 4) => void) => {
          done(null, '127.0.0.1', 4);
        },
        adapter: 'http',
      },
      { credentials: { ...credentials }, clock: stage.clock },
    );
    startAnew();
    const theirs = await getSignedUrl(createSdkClient(), new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }), {
      expiresIn: 300,
    });
    const ofSdk = new Set(['x-id', 'X-Amz-Content-Sha256', 'X-Amz-User-Agent', 'x-amz-user-agent']);
    const namesOf = (url: string) => [...new URL(url).searchParams.keys()].filter((name) => !ofSdk.has(name)).sort();
    expect(namesOf(ours)).toStrictEqual(namesOf(theirs));
  });

  it('open one session, and renew it in its last minute', async () => {
    stage.answerOther = () => ({ status: 200 });
    const client = createSdkClient();
    const counts = { theirs: 0, ours: 0 };
    await Promise.all(['1', '2', '3'].map((Key) => client.send(new GetObjectCommand({ Bucket: BUCKET, Key }))));
    counts.theirs = stage.countSessions();
    startAnew();
    stage.answerOther = () => ({ status: 200 });
    const ours = stage.connect();
    await Promise.all(['/1', '/2', '/3'].map((url) => ours.get(url)));
    counts.ours = stage.countSessions();
    expect(counts).toStrictEqual({ theirs: 1, ours: 1 });
    stage.serverMs += 5 * MINUTE - 30 * SECOND;
    await ours.get('/4');
    expect(
      stage
        .log()
        .filter((line) => !line.includes('?session'))
        .at(-1),
    ).toBe('GET /4 SESSION1');
  });
});
