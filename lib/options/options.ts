/** The options of the interceptor: what they mean, and their defaults. */
import type { Clock } from '../time/clock.js';
import type { CredentialsProvider, ExpiringCredentials } from '../credentials/credentials.js';
import type { OnDateMismatch } from '../credentials/derived-key.js';
import type { Elsewhere, Hosts } from '../destination/hosts.js';
import type { OnInvalidDate } from '../time/request-date.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import type { SignIn } from '../signing/payload-mode.js';
import type { PayloadMode } from '../sigv4/service-rules.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import type { SigningKey } from '../sigv4/signing-key.js';

/**
 * The options of {@link aws4Interceptor}; any of them also stands in a single request's `config.aws4`.
 *
 * @example
 * const options: Aws4Options = { region: 'eu-west-1', service: 'execute-api' };
 * api.interceptors.request.use(aws4Interceptor(options));
 * await api.get('/items', { aws4: { region: 'us-east-1' } });
 */
export interface Aws4Options {
  /**
   * The AWS region to sign for; under SigV4a a set of regions: names with commas between, and `*` for any letters.
   * @default what the hostname says (`*` for one that every region serves), then the environment's `AWS_REGION`, then
   * `AWS_DEFAULT_REGION`; never a guess
   * @example 'eu-west-1'
   * @example 'us-*,eu-west-1'
   */
  readonly region?: string | undefined;
  /**
   * The service's signing name: `execute-api`, `lambda`, `es`, `aoss`, `bedrock`, `s3`, ... `'S3'` is taken for `'s3'`; a
   * name with an upper case that is not known to be AWS's is refused.
   * @default what the hostname says; never a guess
   * @example 'execute-api'
   */
  readonly service?: string | undefined;
  /**
   * Credentials, or a function that gives them; the AWS SDK's providers are such functions. What bears an `expiration`
   * is kept, and asked for again in time: in the background in its life's last quarter (at most 15 minutes), with
   * requests waiting in its last twelfth (at most 5). Without `expiration`, a function is asked before each request.
   * @default in Node, the AWS SDK's provider chain: environment, shared files, SSO, process, web identity, container,
   * instance metadata
   * @example fromTemporaryCredentials({ params: { RoleArn: 'arn:aws:iam::123456789012:role/reader' } })
   */
  readonly credentials?: ExpiringCredentials | CredentialsProvider | undefined;
  /**
   * A derived key to sign with in place of `credentials`; its scope says region and service. Needs `accessKeyId`.
   * @default none
   * @example new SigningKey(secretAccessKey, { date: new Date(), region, service }, { keepSecret: false })
   */
  readonly signingKey?: SigningKey | undefined;
  /**
   * The access key id that `signingKey` belongs to. Needed with `signingKey`, refused without it.
   * @default none
   * @example 'AKIDEXAMPLE'
   */
  readonly accessKeyId?: string | undefined;
  /**
   * The session token that goes with `signingKey`, where its secret was a temporary one.
   * @default none
   * @example process.env.AWS_SESSION_TOKEN
   */
  readonly sessionToken?: string | undefined;
  /**
   * Whether a request is signed with SigV4, for one region, or with SigV4a, for a set of regions. SigV4a signs with
   * `credentials`, and not with a `signingKey`; what it needs is loaded when the first request is signed so.
   * @default 'sigv4a' for the hosts that need it, since every region serves them, as {@link parseAwsHostname} says: S3's
   * multi-region access points, EventBridge's and SES's global endpoints, CloudFront KeyValueStore, ...; else 'sigv4'
   * @example 'sigv4a'
   */
  readonly algorithm?: 'sigv4' | 'sigv4a' | undefined;
  /**
   * What to do where `signingKey` is for another day (UTC) than the request: `'rederive'` it for that day, `'throw'` a
   * DateMismatchError, or `'keep'` it, which only a server accepts that does not compare the days.
   * @default 'rederive'
   * @example 'throw'
   */
  readonly onDateMismatch?: OnDateMismatch | undefined;
  /**
   * What to do where a request has an `X-Amz-Date` or `Date` header and none in a known format: `'replace'` them by an
   * `X-Amz-Date` of now, or `'throw'` a DateFormatError.
   * @default 'replace'
   * @example 'throw'
   */
  readonly onInvalidDate?: OnInvalidDate | undefined;
  /**
   * Headers to sign besides host, content-type, content-md5, date and `x-amz-*`, which always are: names, prefixes with
   * `*`, or `*` for all but those that proxies and runtimes rewrite, which only their own name selects.
   * @default []
   * @example ['x-tenant', 'x-app-*']
   */
  readonly signedHeaders?: readonly string[] | undefined;
  /**
   * Whether the body's hash is signed, or `UNSIGNED-PAYLOAD` in its place: then whoever can change the body on its way
   * can do so unnoticed. Over http:// to another machine that must be asked for by the request itself, in `config.aws4`
   * or as its `X-Amz-Content-Sha256`.
   *
   * `'streaming'`, for S3 and its kin: bytes, Blobs and streams go out in chunks of 64 KiB, each signed, as they are read
   * (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`); text is hashed. The length of a stream must be known: a file's is, of any
   * other its `Content-Length` says it.
   * @default 'signed', but 'unsigned' for VPC Lattice, which takes nothing else
   * @example 'streaming'
   */
  readonly payload?: PayloadMode | 'streaming' | undefined;
  /**
   * Whether the `Content-Encoding` of a body in chunks says `aws-chunked`. AWS takes that out before it keeps the object;
   * some stores keep it, Ceph RGW among them, and need none.
   * @default true
   * @example false
   */
  readonly contentEncoding?: boolean | undefined;
  /**
   * The checksum of the body that S3 verifies and keeps with the object, computed here: of a body in memory it is the
   * header `x-amz-checksum-*`, signed as every `x-amz-*` is; of one in chunks, and of a stream under `payload: 'unsigned'`,
   * it comes after it as a trailer, signed where the chunks are. A checksum that the request's headers bear already is kept,
   * and refused where it is not that of the body. A request without a body gets none.
   * @default none
   * @example 'crc32'
   */
  readonly checksum?: ChecksumAlgorithm | undefined;
  /**
   * Whether `X-Amz-Content-Sha256` is sent. `false` is refused where it is due: where the service requires it (S3 and its
   * kin, Glacier, OpenSearch Serverless, VPC Lattice), or the body's hash is not signed. What a request sets itself is
   * sent in any case.
   * @default true in Node; elsewhere only where it is due: in a browser, the server's CORS must allow it
   * @example false
   */
  readonly contentSha256Header?: boolean | undefined;
  /**
   * Whether a request is signed in its `'headers'`, or in its `'query'`, as a presigned URL is: for a server that takes
   * no Authorization header. S3 and its kin then do not sign the body, unless `payload: 'signed'` says so.
   * @default 'headers'
   * @example 'query'
   */
  readonly signIn?: SignIn | undefined;
  /**
   * How many seconds a signature in the query is good: a whole number from 1 to 604800 (7 days).
   * @default 900 for what is presigned; 300 for S3 Express, whose sessions last no longer, and under `signIn: 'query'`, where
   * the URL is sent at once
   * @example 3600
   */
  readonly expiresIn?: number | undefined;
  /**
   * How many bytes of a stream are read into memory to be hashed, at most; a stream with more is refused.
   * Under `payload: 'unsigned'` streams are sent unread.
   * @default 67108864 (64 MiB)
   * @example 256 * 1024 * 1024
   */
  readonly maxStreamBytes?: number | undefined;
  /**
   * Where signatures may go: hostnames, `*.example.com` for every name below one, or a function of hostname and
   * URL. A name with a port (`localhost:9000`) is good for that port alone. A redirect to another origin is signed only where it
   * leads to one of these hosts and to the same service, or from S3 to S3.
   * @default the hostnames that {@link parseAwsHostname} knows, this machine (`localhost`, `*.localhost`, loopback
   * addresses), and the origin of `baseURL`
   * @example ['api.example.com', '*.amazonaws.com']
   */
  readonly hosts?: Hosts | undefined;
  /**
   * What becomes of a request to a host that signatures may not go to, see `hosts`: `'refuse'` it with an Aws4AuthError
   * `ERR_UNTRUSTED_HOST`, or send it `'unsigned'`.
   * @default 'refuse'
   * @example 'unsigned'
   */
  readonly elsewhere?: Elsewhere | undefined;
  /**
   * The time, in milliseconds since the epoch. Under libfaketime, pass `libfaketimeClock()`; in a test, what it wants.
   * @default the system's, or what `import 'axios-aws4auth/libfaketime'` put in its place
   * @example libfaketimeClock()
   */
  readonly clock?: Clock | undefined;
  /**
   * Whether requests to a directory bucket of S3 Express (`NAME--ZONE--x-s3.s3express-ZONE.REGION.amazonaws.com`) are signed
   * with the keys of a session, as AWS's SDKs do it: the first request opens one by CreateSession, which is signed with
   * `credentials`, for the most that they may do (no `x-amz-create-session-mode` is sent). A session lasts 5 minutes, is
   * kept for the bucket and the credentials, and renewed in the background in its last minute. The bucket's control host,
   * CreateSession, HeadBucket, CopyObject and UploadPartCopy need none, nor does a request that bears its own
   * `x-amz-s3session-token`; `false` signs all with `credentials`. Another host is taken for S3 Express where `service` is
   * `'s3express'`, and its first label, or the first part of the path, is the name of a directory bucket.
   * @default true, unless the environment's `AWS_S3_DISABLE_EXPRESS_SESSION_AUTH` is `true`
   * @example false
   */
  readonly s3ExpressSessions?: boolean | undefined;
  /**
   * Whether a request that is refused for an expired token or a wrong clock is signed and sent once more, and no more
   * than that: with credentials that the provider is told to fetch anew, or with the server's time, which is kept for
   * its origin. Only AWS's own answers are believed: for `execute-api`, `lambda` and `vpc-lattice-svcs` those with
   * `x-amzn-errortype`, for S3 its XML, else those with a code in AWS's form; a 401 or 403 that does not say why heals
   * a clock that is far off, and no token. A body that is sent unread (a stream under `payload: 'unsigned'`) cannot be
   * sent again.
   * @default true
   * @example false
   */
  readonly heal?: boolean | undefined;
  /**
   * Called after each signature, those of retries and redirects included, with its canonical request and string to
   * sign. Use it to debug `SignatureDoesNotMatch`. The session token and every other header that is a secret are
   * redacted. What it throws, or rejects with, is told to the console; the request goes on.
   * @default none
   * @example ({ canonicalRequest }) => console.debug(canonicalRequest)
   */
  readonly onSigned?: ((trace: SigningTrace) => unknown) | undefined;
}

declare module 'axios' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars -- must be as axios has it
  interface AxiosRequestConfig<D = any, P = any> {
    /** Options of axios-aws4auth for this request alone; `false` sends it unsigned. */
    aws4?: Aws4Options | false;
  }
}
