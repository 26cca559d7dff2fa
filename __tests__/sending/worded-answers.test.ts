/**
 * Refusals that their words tell of, under codes that are said of other things too, or that stores have of their own: of
 * S3, MinIO (cmd/api-errors.go), OpenStack Swift, Garage (src/api/common/signature/error.rs), Cloudflare R2, Google Cloud
 * Storage, AppSync, Neptune and the services that IAM guards.
 */
import { AxiosError } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import { explainRefusal, type Aws4Options, type RefusalCause } from '../../lib/index.js';
import { refuse, setHealingStage, START } from '../stand-ins/healing-stage.js';
import { failure } from '../stand-ins/test-server.js';

const stages = { s3: setHealingStage('s3'), coral: setHealingStage('dynamodb'), rest: setHealingStage() } as const;

async function explainAnswer(answer: RawResponse, on: keyof typeof stages, options: Aws4Options = {}) {
  const stage = stages[on];
  stage.respond = () => ({ ...answer, headers: { Date: new Date(START).toUTCString(), ...answer.headers } });
  const error = await failure(stage.connect({ heal: false, ...options }).post('/items', { a: 1 }));
  if (!(error instanceof AxiosError)) throw error;
  const explanation = explainRefusal(error);
  const summary = explanation === undefined ? '' : `. ${explanation.summary}`;
  expect(error.message).toBe(`Request failed with status code ${String(answer.status)}${summary}`);
  expect(`${error.message}${String(explanation)}${JSON.stringify(explanation)}`).not.toMatch(
    /hidden|secret\/1|token\/1/,
  );
  return explanation;
}

type Worded = readonly [code: string, message: string, cause: RefusalCause, says: RegExp, more?: string];

const complete = (rows: readonly Worded[]) =>
  rows.map(([code, message, cause, says, more = '']) => [code, message, cause, says, more] as const);

const toDocument = (code: string, message: string, more = ''): RawResponse => ({
  status: code === 'AccessDenied' || code.startsWith('Invalid') ? 403 : 400,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
});

const UNREADABLE = /cannot read the Authorization that it got/;
const AUTHORIZATION = '<ArgumentName>Authorization</ArgumentName><ArgumentValue>Bearer hidden</ArgumentValue>';
const MALFORMED = 'The authorization header is malformed; ';
const PARSING = 'Error parsing the X-Amz-Credential parameter; ';

describe('a store that says', () => {
  it.each(
    complete([
      // Headers.
      [
        'AccessDenied',
        'There were headers present in the request which were not signed',
        'headers',
        /A header was sent without being signed/,
      ],
      [
        'AccessDenied',
        'AWS authentication requires a valid Date or x-amz-date header',
        'headers',
        /saw no date .* that it can read: .* removes or changes X-Amz-Date, or the Authorization/,
      ],
      ['AccessDenied', 'Signature header missing Signature field.', 'headers', UNREADABLE],
      ['AccessDenied', 'No AWSAccessKey was presented', 'headers', UNREADABLE],
      ['InvalidArgument', 'Signature header missing SignedHeaders field.', 'headers', UNREADABLE],
      ['InvalidArgument', 'Unsupported Authorization Type', 'headers', UNREADABLE, AUTHORIZATION],
      [
        'InvalidArgument',
        "Authorization header is invalid -- one and only one ' ' (space) required.",
        'headers',
        UNREADABLE,
      ],
      [
        'InvalidArgument',
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the ' +
          'Authorization header should be specified',
        'headers',
        UNREADABLE,
        AUTHORIZATION,
      ],
      [
        'InvalidRequest',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
        'headers',
        UNREADABLE,
      ],
      ['InvalidRequest', 'Missing Credential field for this request.', 'headers', UNREADABLE],
      [
        'InvalidRequest',
        'Bad request: Header `x-amz-acl` should be signed',
        'headers',
        /The header x-amz-acl was sent without being signed/,
      ],
      [
        'MissingSecurityHeader',
        'Your request was missing a required header',
        'headers',
        /did not see the header x-amz-content-sha256/,
        '<MissingHeaderName>x-amz-content-sha256</MissingHeaderName>',
      ],
      [
        'AuthorizationHeaderMalformed',
        `${MALFORMED}the authorization header requires three components: Credential, SignedHeaders, and Signature.`,
        'headers',
        UNREADABLE,
      ],
      [
        'AuthorizationHeaderMalformed',
        `${MALFORMED}the Credential is mal-formed; expecting "&lt;YOUR-AKID&gt;/YYYYMMDD/REGION/SERVICE/aws4_request".`,
        'headers',
        UNREADABLE,
      ],
      // The date.
      ['AccessDenied', 'Request is not valid yet', 'date', /signed for 2024-02-28T23:59:30Z/],
      ['AccessDenied', 'Request is not yet valid', 'date', /signed for 2024-02-28T23:59:30Z/],
      ['AccessDenied', 'Request has expired', 'date', /signed for 2024-02-28T23:59:30Z/],
      ['InvalidRequest', 'Bad request: Date is too old', 'date', /signed for 2024-02-28T23:59:30Z/],
      [
        'MalformedDate',
        'Invalid date format header, expected to be in ISO8601, RFC1123 or RFC1123Z time format.',
        'date',
        /cannot read X-Amz-Date/,
      ],
      [
        'AuthorizationHeaderMalformed',
        `${MALFORMED}Invalid credential date "20240227". This date is not the same as X-Amz-Date: "20240228".`,
        'date',
        /another day in X-Amz-Date/,
      ],
      [
        'AuthorizationHeaderMalformed',
        'Invalid credential date "20240227". This date is not the same as X-Amz-Date: "20240228".',
        'date',
        /another day in X-Amz-Date/,
      ],
      // The scope.
      [
        'AuthorizationHeaderMalformed',
        `${MALFORMED}the region is wrong; expecting 'us-east-1'.`,
        'scope',
        /set region to 'us-east-1'/,
        '<Region>us-east-1</Region>',
      ],
      [
        'AuthorizationHeaderMalformed',
        "Authorization header malformed, unexpected scope: '20240228/eu-west-1/s3/aws4_request', expected: " +
          "'20240228/garage/s3/aws4_request'",
        'scope',
        /set region to 'garage'/,
      ],
      [
        'AuthorizationHeaderMalformed',
        'Authorization header malformed, unexpected scope: 20240228/eu-west-1/s3/aws4_request',
        'scope',
        /no signature for s3 in eu-west-1/,
      ],
      ['AuthorizationQueryParametersError', `${PARSING}the region is wrong;`, 'scope', /for the region eu-west-1/],
      ['InvalidRegion', 'Region does not match.', 'scope', /for the region eu-west-1/],
      [
        'AuthorizationParametersError',
        'Error parsing the Credential/X-Amz-Credential parameter; incorrect service. This endpoint belongs to "sts".',
        'scope',
        /set service to 'sts'/,
      ],
      // The key and its token.
      ['AccessDenied', 'Forbidden: No such key: GKhidden', 'secret', /does not know the access key/],
      [
        'InvalidArgument',
        'Credential access key has length 20, should be 32',
        'secret',
        /does not know the access key/,
      ],
      ['InvalidSecurity', 'The provided security credentials are not valid.', 'secret', /does not know the access key/],
      [
        'InvalidTokenId',
        'The security token included in the request is invalid',
        'token',
        /does not take the session token/,
      ],
      // The body.
      [
        'InvalidArgument',
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.',
        'payload',
        /cannot read the X-Amz-Content-Sha256/,
        '<ArgumentName>x-amz-content-sha256</ArgumentName><ArgumentValue>hidden</ArgumentValue>',
      ],
      // That there is something wrong with the signature, and no more.
      ['AccessDenied', 'Forbidden: Invalid signature', 'unknown', /signed for s3 in eu-west-1/],
      [
        'InvalidSecurity',
        'The provided security credentials are not valid.',
        'unknown',
        /signed for s3 in eu-west-1/,
        '<Details>Request was not signed or contained a malformed signature</Details>',
      ],
    ]),
  )('%s, %s', async (code, message, cause, says, more) => {
    const explanation = await explainAnswer(toDocument(code, message, more), 's3');
    expect(explanation).toMatchObject({ cause, summary: expect.stringMatching(says) });
  });

  it('that it takes no SigV4a', async () => {
    const message = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
    expect(await explainAnswer(toDocument('InvalidRequest', message), 's3', { algorithm: 'sigv4a' })).toMatchObject({
      cause: 'scope',
      summary: expect.stringMatching(/takes no SigV4a: set algorithm to 'sigv4'/),
    });
  });

  it.each([
    ['AccessDenied', 'Access Denied.', ''],
    ['AccessDenied', 'Forbidden: Operation is not allowed for this key.', ''],
    ['InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647', ''],
    ['InvalidArgument', 'Invalid Argument.', '<ArgumentName>partNumber</ArgumentName>'],
    ['InvalidRequest', 'Missing required header for this request: Content-MD5', ''],
    ['InvalidRequest', 'The authorization of the owner is required', ''],
    [
      'MissingSecurityHeader',
      'Your request was missing a required header',
      '<MissingHeaderName>x-a</MissingHeaderName>',
    ],
    ['MalformedXML', 'The XML you provided was not well-formed', ''],
    ['InvalidDigest', 'The Content-MD5 you specified was an invalid.', ''],
  ])('nothing of the signature is not explained: %s, %s', async (code, message, more) => {
    expect(await explainAnswer(toDocument(code, message, more), 's3')).toBeUndefined();
  });
});

describe('a service that says', () => {
  const json = (body: object, status = 400): RawResponse => ({ status, body: JSON.stringify(body) });
  const coral = (code: string, message: string): RawResponse =>
    json({ __type: `com.amazon.coral.service#${code}`, message });
  const NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";

  it.each<readonly [string, keyof typeof stages, RawResponse, RefusalCause, RegExp]>([
    [
      'that nothing of the Authorization is there',
      'coral',
      coral(
        'IncompleteSignatureException',
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
          `Authorization header requires 'SignedHeaders' parameter. ${NO_DATE} Authorization=Bearer hidden`,
      ),
      'headers',
      UNREADABLE,
    ],
    [
      'that a date cannot be read',
      'coral',
      coral(
        'IncompleteSignatureException',
        "Date must be in ISO-8601 'basic format'. Got 'hidden'. See http://en.wikipedia.org/wiki/ISO_8601",
      ),
      'date',
      /cannot read X-Amz-Date/,
    ],
    [
      'so in AppSync’s list of errors',
      'coral',
      json(
        {
          errors: [
            {
              errorType: 'UnrecognizedClientException',
              message: 'The security token included in the request is invalid.',
            },
          ],
        },
        401,
      ),
      'token',
      /does not take the session token/,
    ],
    [
      'in a detailed message that there was no signature',
      'coral',
      json({ requestId: 'a', code: 'AccessDeniedException', detailedMessage: 'Missing Authentication Token' }, 403),
      'headers',
      /saw no Authorization/,
    ],
    [
      'that there was no key',
      'coral',
      {
        status: 403,
        body:
          '<ErrorResponse><Error><Code>MissingClientTokenId</Code><Message>Request must contain either a valid ' +
          '(registered) AWS access key ID or X.509 certificate.</Message></Error></ErrorResponse>',
      },
      'headers',
      /saw no Authorization/,
    ],
    [
      'that the Authorization is no list of pairs, by its hash',
      'rest',
      refuse(
        'IncompleteSignatureException',
        'Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with ' +
          "Base64): 'aGlkZGVu'.",
      ),
      'headers',
      UNREADABLE,
    ],
  ])('%s', async (_, on, answer, cause, says) => {
    const explanation = await explainAnswer(answer, on);
    expect(explanation).toMatchObject({ cause, summary: expect.stringMatching(says) });
  });
});
