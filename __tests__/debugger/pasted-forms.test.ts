/**
 * The forms in which people have a request and its refusal at hand: what tools, logs, archives and documents make of them.
 * Each is explained as the bare texts are; what the server saw is a verifier's, which shares no code with the package.
 */
import { inspect } from 'node:util';
import type { RefusalCause } from '../../lib/index.js';
import { fillForm } from '../../docs/debugger/filled-form.js';
import { explainPasted } from '../../docs/debugger/refusal.js';
import { changePath } from '../stand-ins/changing-proxy.js';
import { judge, scope, signSent, toHttp } from '../stand-ins/pasted-texts.js';
import { describeComputed, escapeXml, hexDump, tellingForms } from '../stand-ins/refusal-forms.js';

const withoutStage = changePath((path) => path.replace('/prod', ''));
const body = '{"name":"x"}';
const sent = signSent('execute-api', body);
const refusal = judge(sent, 'execute-api', withoutStage);
const { canonicalRequest: theirs = '', stringToSign: theirString = '' } = refusal;
const ours = theirs.replace('/items', '/prod/items');
const ourString = theirString.replace(/.{64}$/, 'f'.repeat(64));

const http = toHttp(sent);
const [head = ''] = http.split('\n\n');
const json = JSON.stringify({ message: describeComputed(refusal) });
const answer = `HTTP/1.1 403 Forbidden\nx-amzn-ErrorType: InvalidSignatureException\n\n${json}`;

const indent = (text: string): string => text.replace(/^/gm, '    ');
const mark = (text: string, sign: string): string => text.replace(/^/gm, `${sign} `);
const progress = [
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
  '                                 Dload  Upload   Total   Spent    Left  Speed',
  '\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0',
].join('\n');
const curlVerbose = [
  '* Host h.example:443 was resolved.',
  '* [HTTP/2] [1] [:method: POST]',
  mark(`${head}\nContent-Length: ${String(body.length)}\n`, '>'),
  '* upload completely sent off: 12 bytes',
  mark('HTTP/2 403 \nx-amzn-errortype: InvalidSignatureException\n', '<'),
  '* Connection #0 to host h.example left intact',
  json,
].join('\n');
const headers = sent.headers.map(([name, value]) => ({ name, value }));
const entry = {
  request: {
    method: sent.method,
    url: `https://h.example${sent.target}`,
    headers: [{ name: ':path', value: sent.target }, ...headers],
    postData: { text: body },
  },
  response: {
    status: 403,
    headers: [{ name: 'x-amzn-errortype', value: 'InvalidSignatureException' }],
    content: { text: json },
  },
};
const unsigned = { request: { method: 'GET', url: 'https://h.example/', headers: [] }, response: { status: 200 } };
const har = JSON.stringify({ log: { entries: [unsigned, entry, unsigned] } }, undefined, 2);
const harOfBytes = JSON.stringify({
  log: {
    entries: [
      {
        ...entry,
        response: {
          ...entry.response,
          content: { text: Buffer.from(json).toString('base64'), encoding: 'base64' },
        },
      },
    ],
  },
});
const botocore = (canonicalRequest: string, stringToSign: string): string =>
  [
    '2026-11-26 06:00:00,000 - MainThread - botocore.auth - DEBUG - Calculating signature using v4 auth.',
    `2026-11-26 06:00:00,000 - MainThread - botocore.auth - DEBUG - CanonicalRequest:\n${canonicalRequest}`,
    `2026-11-26 06:00:00,001 - MainThread - botocore.auth - DEBUG - StringToSign:\n${stringToSign}`,
    `2026-11-26 06:00:00,001 - MainThread - botocore.auth - DEBUG - Signature:\n${'0'.repeat(64)}`,
  ].join('\n');
const trace = { canonicalRequest: ours, stringToSign: ourString, signature: '', signedHeaders: '', scope: '' };
const forCmd = [
  `curl "https://h.example${sent.target.replaceAll('%', '^%^').replaceAll('&', '^&')}" ^`,
  ...sent.headers.map(([name, value]) => `  -H "${name}: ${value}" ^`),
  `  --data-raw "^{^\\^"name^\\^":^\\^"x^\\^"^}"`,
].join('\n');
const pseudo = [
  ':authority: h.example',
  ':method: POST',
  `:path: ${sent.target}`,
  ':scheme: https',
  ...sent.headers.filter(([name]) => name !== 'Host').map(([name, value]) => `${name.toLowerCase()}: ${value}`),
  '',
  body,
].join('\n');

const fetchCall = `fetch("https://h.example${sent.target}", ${JSON.stringify(
  {
    headers: Object.fromEntries(sent.headers.filter(([name]) => name !== 'Host')),
    referrer: 'https://app.example/',
    body,
    method: 'POST',
    mode: 'cors',
  },
  undefined,
  2,
)});`;

describe('a request', () => {
  const forms: Readonly<Record<string, readonly [request: string, answer?: string]>> = {
    'of curl --verbose': [curlVerbose],
    'of curl --verbose with its progress': [`${progress}\n${curlVerbose}`],
    'of curl --verbose, with CRLF': [curlVerbose.replaceAll('\n', '\r\n')],
    'of curl --verbose, indented': [indent(curlVerbose)],
    'of curl for cmd': [forCmd],
    'of httpie --verbose': [`${http}\n\n\n${answer}`],
    'of wget --debug': [`DEBUG output\n\n---request begin---\n${head}\n\n---request end---\nHTTP request sent`],
    'of Python’s http.client': [`send: b'${http.replaceAll('\n', '\\r\\n')}'`],
    'of an archive': [har],
    'of an entry of an archive': [JSON.stringify(entry)],
    'of HTTP/2': [pseudo],
    'as a call of fetch': [fetchCall],
    'as a log of JSON': [JSON.stringify({ level: 'debug', msg: `CanonicalRequest: ${ours} end`, canonical: true })],
    'in a fence': [`\`\`\`http\n${http}\n\`\`\``],
    'behind words': [`We sent this:\n\n${http}`],
    'as a canonical request with blanks at its lines’ ends': [ours.replaceAll('\n', ' \n')],
    'as a canonical request, indented': [indent(ours)],
    'as a canonical request in quotes': [`'${ours}'`],
    'as a canonical request in a fence': [`\`\`\`\n${ours}\n\`\`\``],
    'as a canonical request below a label': [`Canonical request:\n${ours}`],
    'as the log of the AWS CLI': [botocore(ours, ourString)],
    'as the log of the AWS SDK for Go': [
      `2026/11/26 06:00:00 DEBUG: Request Signature:\n---[ CANONICAL STRING  ]---\n${ours}\n---[ STRING TO SIGN ]---\n${ourString}\n---`,
    ],
    'as the log of the AWS SDK for Java': [
      `06:00:00.000 [main] DEBUG AWS4Signer - AWS4 Canonical Request: '"${ours}"\n06:00:00.001 [main] DEBUG AWS4Signer - AWS4 String to Sign: '"${ourString}"`,
    ],
    'as Node prints a trace': [inspect(trace)],
    'as Node prints what aws4Sign gives': [inspect({ method: 'POST', url: '', body, trace })],
    'as JSON of what aws4Sign gives': [JSON.stringify({ method: 'POST', url: '', body, trace })],
    'as Node prints a text': [inspect(ours)],
  };

  // Where there is no body to be seen, and no length that tells of one, it is a difference too.
  it.each(Object.entries(forms).filter(([name]) => !name.includes('wget')))('%s', async (_, [request]) => {
    const { explanation } = await explainPasted(request, answer, '');
    expect(explanation).toMatchObject({ cause: 'path', differences: [{ line: 'path', theirs: '/items%252Fa' }] });
  });

  it('of wget --debug', async () => {
    const [request = ''] = forms['of wget --debug'] ?? [];
    expect((await explainPasted(request, answer, '')).explanation).toMatchObject({ cause: 'path' });
  });

  it('of AWS’s documentation, with its signature on lines of its own', async () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: GET Object".
    const request = `GET /test.txt HTTP/1.1
Host: examplebucket.s3.amazonaws.com
Authorization: AWS4-HMAC-SHA256
Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,
SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,
Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41
Range: bytes=0-9
x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
x-amz-date: 20130524T000000Z
`;
    const canonicalRequest = `GET
/test.txt

host:examplebucket.s3.amazonaws.com
range:bytes=0-9
x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
x-amz-date:20130524T000000Z

host;range;x-amz-content-sha256;x-amz-date
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855          `;
    const { explanation, check } = await explainPasted(
      request,
      canonicalRequest,
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    );
    expect(explanation).toMatchObject({ cause: 'secret', differences: [] });
    expect(check).toBe('right');
  });

  it.each([
    ['of curl --verbose', curlVerbose],
    ['of httpie --verbose', `${http}\n\n\n${answer}`],
    ['of an archive', har],
  ])('with its answer in one paste, %s', async (_, both) => {
    expect((await explainPasted(both, ' ', '')).explanation).toMatchObject({ cause: 'path' });
  });

  it('without the body that it had is not compared by it', async () => {
    const { signed } = await explainPasted(curlVerbose, answer, scope.credentials.secretAccessKey);
    expect(signed.notes).toContainEqual(expect.stringMatching(/had a body, which was not pasted: .* not compared/));
    const alone = await explainPasted(curlVerbose, '<Error><Code>SignatureDoesNotMatch</Code></Error>', '');
    expect(alone.signed.notes).toContainEqual(expect.stringMatching(/which was not pasted: it counts as empty/));
  });

  it.each([
    ['an archive', har],
    ['curl for cmd', forCmd],
    ['HTTP/2', pseudo],
    ['a call of fetch', fetchCall],
  ])('fills in the form: %s', (_, text) => {
    expect(fillForm(text)).toMatchObject({
      method: 'POST',
      url: `https://h.example${sent.target}`,
      body,
      region: 'eu-west-1',
      service: 'execute-api',
    });
  });
});

describe('an answer', () => {
  const words = describeComputed(refusal);
  it.each([
    ['of curl --verbose', curlVerbose],
    ['of curl --verbose with its progress', `${progress}\n${curlVerbose}`],
    ['of an archive', har],
    ['of an archive, in base64', harOfBytes],
    ['as words', words],
    ['in a line of a log', `2026-11-26T06:00:00Z ERROR Request failed with status code 403 ${json} requestId=1`],
    ['with the escapes of HTML', escapeXml(json)],
    ['as Node prints it', inspect({ message: words })],
    [
      'within an error that Node prints',
      inspect({ message: 'Request failed', code: 'ERR', response: { status: 403, data: { message: words } } }),
    ],
    ['as Python prints it', `{'message': ${JSON.stringify(words)}}`],
    ['as Python prints its bytes', `b'${json.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`],
    ['that was cut off', json.slice(0, -200)],
    [
      'that was cut off, with its type',
      JSON.stringify({ __type: 'InvalidSignatureException', message: words }).slice(0, -99),
    ],
    ['as the log of what it computed', botocore(theirs, theirString)],
    ['as a canonical request, indented', indent(theirs)],
    ['as a canonical request in a fence', `\`\`\`text\n${theirs}\n\`\`\``],
    ['as a canonical request below a label', `The server's:\n${theirs}`],
  ])('%s', async (_, given) => {
    const { explanation } = await explainPasted(http, given, '');
    expect(explanation).toMatchObject({ cause: 'path', differences: [{ line: 'path', theirs: '/items%252Fa' }] });
  });

  const store = signSent('s3', '');
  const ofStore = judge(store, 's3', withoutStage);
  const xml = String(tellingForms['S3, texts and bytes']?.(ofStore).body);
  const document = xml.replace(/^<\?[^>]*\?>\s*/, '');
  it.each([
    [
      'as a browser shows it',
      `This XML file does not appear to have any style information associated with it. The document tree is shown below.\n${document.replaceAll('><', '>\n<')}`,
    ],
    ['with the escapes of HTML', escapeXml(xml)],
    ['in a line of a log', `[error] upload failed: ${xml}`],
    ['as Python prints its bytes', `b'${xml.replaceAll('\n', '\\n')}'`],
    ['as a text of JSON', JSON.stringify(xml)],
    ['within an error that Node prints', inspect({ message: 'Request failed', code: 'E', response: { data: xml } })],
    [
      'that was cut off within its bytes',
      `${document.split('<CanonicalRequestBytes>', 1)[0] ?? ''}<CanonicalRequestBytes>${hexDump('GET')}`,
    ],
  ])('of S3, %s', async (_, given) => {
    const { explanation } = await explainPasted(toHttp(store), given, '');
    expect(explanation).toMatchObject({ cause: 'path', differences: [{ line: 'path' }] });
  });

  it.each<readonly [string, string, RefusalCause]>([
    [
      'the AWS CLI',
      'An error occurred (InvalidAccessKeyId) when calling the ListBuckets operation: The AWS Access Key Id you provided does not exist in our records.',
      'secret',
    ],
    [
      'boto3',
      'botocore.exceptions.ClientError: An error occurred (RequestTimeTooSkewed) when calling the ListBuckets operation: The difference between the request time and the current time is too large.',
      'date',
    ],
    [
      'the AWS SDK for JavaScript',
      'ExpiredToken: The provided token has expired.\n    at f (/app/index.js:1:1)',
      'token',
    ],
    [
      'the AWS SDK for Java',
      'com.amazonaws.services.s3.model.AmazonS3Exception: The AWS Access Key Id you provided does not exist in our records. (Service: Amazon S3; Status Code: 403; Error Code: InvalidAccessKeyId; Request ID: R)',
      'secret',
    ],
    [
      'the AWS SDK for Go',
      'operation error S3: ListBuckets, https response error StatusCode: 403, RequestID: R, api error SignatureDoesNotMatch: The request signature we calculated does not match',
      'unknown',
    ],
  ])('as %s tells of it', async (_, given, cause) => {
    expect((await explainPasted(toHttp(store), given, '')).explanation).toMatchObject({ cause });
  });

  it.each([
    "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256",
    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x'.",
  ])('of an Authorization that cannot be read, by its words: %s', async (message) => {
    const { explanation } = await explainPasted(http, JSON.stringify({ message }), '');
    expect(explanation).toMatchObject({ cause: 'headers' });
  });

  it.each([
    'An error occurred (AccessDenied) when calling the GetObject operation: Access Denied',
    'AccessDenied: Access Denied',
    'Error: Request failed with status code 403',
    '2026-11-26 GET / HTTP/1.1 403',
  ])('that speaks of no signature is none: %s', async (given) => {
    expect((await explainPasted(toHttp(store), given, '')).explanation).toBeUndefined();
  });
});
