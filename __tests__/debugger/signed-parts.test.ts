/** What was signed of a request that is pasted with its signature: AWS's suite, in the header and in the query. */
import { createHash } from 'node:crypto';
import suite from '../../fixtures/aws-sigv4-suite.json';
import { parsePastedRequest } from '../../docs/debugger/pasted-request.js';
import { readSignedRequest, type SignedParts } from '../../docs/debugger/signed-parts.js';
import { readSigningTexts } from '../../docs/debugger/signing-texts.js';
import type { EchoedTexts } from '../../lib/sending/echoed-texts.js';

const NO_ECHO: EchoedTexts = { canonicalRequest: undefined, stringToSign: undefined };

function read(text: string, echo = NO_ECHO): SignedParts {
  const pasted = parsePastedRequest(text);
  if (pasted.kind === 'texts') throw new Error('It is no request');
  return readSignedRequest(pasted, echo);
}

// The service that the suite signs for has a rule for its path, and the page takes that; the other half tests signers.
const cases = suite.cases
  .filter(({ context, request }) => context.normalize || /^[A-Z]+ \/[a-z0-9]* /.test(request))
  .map((each) => [each.name, each] as const);

it('are thirty cases and more', () => {
  expect(cases.length).toBeGreaterThan(30);
});

describe.each(cases)('%s', (_, { header, query, context }) => {
  it('is signed in its headers', () => {
    expect(read(header.signedRequest).trace).toStrictEqual({
      canonicalRequest: header.canonicalRequest,
      stringToSign: header.stringToSign,
      signature: header.signature,
      signedHeaders: header.canonicalRequest.split('\n').at(-2),
      scope: `20150830/${context.region}/${context.service}/aws4_request`,
    });
  });

  // There the token stands in the query and is not signed, as for no service but AWS IoT.
  if (!context.omitSessionToken) {
    it('is signed in its query', () => {
      const { trace } = read(query.signedRequest);
      expect(trace).toMatchObject({ canonicalRequest: query.canonicalRequest, signature: query.signature });
    });
  }
});

const authorization = (names: string, region = 'eu-west-1', service = 'execute-api'): string =>
  `Authorization: AWS4-HMAC-SHA256 Credential=AKID/20150830/${region}/${service}/aws4_request,SignedHeaders=${names},Signature=0`;
const head = (names: string, ...lines: string[]): string =>
  ['POST /a HTTP/1.1', 'Host: h.example', 'X-Amz-Date: 20150830T123600Z', authorization(names), ...lines].join('\n');

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
/** A server's canonical request with this payload hash. */
const echoHash = (payloadHash: string): EchoedTexts => ({
  canonicalRequest: { text: `POST\n/a\n\nhost:h.example\n\nhost\n${payloadHash}`, isWhole: true },
  stringToSign: undefined,
});
const readHash = (text: string, echo?: EchoedTexts): string | undefined =>
  read(text, echo).trace.canonicalRequest.split('\n').at(-1);

describe('the body', () => {
  it('is hashed without the line end that pasting leaves', () => {
    expect(readHash(`${head('host')}\n\nbody`)).toBe(hash('body'));
    expect(readHash(`${head('host')}\n\nbody\n`)).toBe(hash('body'));
    expect(read(`${head('host')}\n\nbody\n`).notes).toStrictEqual([expect.stringMatching(/as it was pasted here/)]);
  });

  it('is what Content-Length says', () => {
    expect(readHash(`${head('host', 'Content-Length: 5')}\n\nbody\n`)).toBe(hash('body\n'));
    expect(readHash(`${head('host', 'Content-Length: 6')}\n\na\nbü\n`)).toBe(hash('a\nbü\n'));
    expect(readHash(`${head('host', 'Content-Length: 8')}\n\na\nbü\n`)).toBe(hash('a\r\nbü\r\n'));
  });

  it('of none is the hash of nothing', () => {
    expect(readHash(head('host'))).toBe(hash(''));
    expect(read(head('host')).notes).toStrictEqual([]);
  });

  it('is what the request says of it', () => {
    const text = `${head('host', 'X-Amz-Content-Sha256: UNSIGNED-PAYLOAD')}\n\nbody`;
    expect(readHash(text)).toBe('UNSIGNED-PAYLOAD');
    expect(read(text).notes).toStrictEqual([]);
  });

  it('is the one that the server saw, where a line end makes it so', () => {
    const seen = hash('a\r\nb\r\n');
    expect(readHash(`${head('host')}\n\na\nb\n`, echoHash(seen))).toBe(seen);
  });

  it('is not the server’s for any other reason', () => {
    expect(readHash(`${head('host')}\n\na\nb\n`, echoHash(hash('other')))).toBe(hash('a\nb'));
  });
});

describe('a header', () => {
  it('that is signed and not there is said to be missing', () => {
    const { trace, notes } = read(head('content-type;host;x-amz-date'));
    expect(trace.canonicalRequest).toContain('\ncontent-type:\nhost:h.example\n');
    expect(notes).toStrictEqual([expect.stringMatching(/names content-type, which the request .* does not have/)]);
  });

  const echoHeader = (line: string): EchoedTexts => ({
    canonicalRequest: { text: `POST\n/a\n\n${line}\nhost:h.example\n\ncontent-type;host\nx`, isWhole: true },
    stringToSign: undefined,
  });

  it('that is signed and not there counts as the server saw it', () => {
    const { trace, notes } = read(head('content-type;host'), echoHeader('content-type:text/plain'));
    expect(trace.canonicalRequest).toContain('\ncontent-type:text/plain\nhost:h.example\n');
    expect(notes).toStrictEqual([expect.stringMatching(/counts as the server saw it/)]);
  });

  it('that is signed and neither pasted nor seen is a difference', () => {
    expect(read(head('content-type;host'), echoHeader('content-type:')).trace.canonicalRequest).toContain(
      '\ncontent-type:(not in the request)\n',
    );
  });

  it('that clients add is known without it', () => {
    const { trace, notes } = read(`${head('content-length;host')}\n\nbü`);
    expect(trace.canonicalRequest).toContain('\ncontent-length:3\nhost:h.example\n');
    expect(notes).toStrictEqual([expect.stringMatching(/payload hash/)]);
  });
});

it('the date may be the Date header’s', () => {
  const { trace } = read(head('date').replace('X-Amz-Date: 20150830T123600Z', 'Date: Sun, 30 Aug 2015 12:36:00 GMT'));
  expect(trace.stringToSign.split('\n')[1]).toBe('20150830T123600Z');
});

it('S3’s path is encoded once, and other services’ twice', () => {
  const of = (service: string): string | undefined =>
    read(head('host').replace('/a ', '/a%20b ').replace('execute-api', service)).trace.canonicalRequest.split('\n')[1];
  expect([of('s3'), of('es')]).toStrictEqual(['/a%20b', '/a%2520b']);
});

it('SigV4a has its region set in a header', () => {
  const text = head('host', 'X-Amz-Region-Set: us-*')
    .replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')
    .replace('/eu-west-1/', '/');
  const { trace, region, service } = read(text);
  expect([region, service]).toStrictEqual(['us-*', 'execute-api']);
  expect(trace.stringToSign).toMatch(
    /^AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830\/execute-api\/aws4_request\n[\da-f]{64}$/,
  );
});

it.each([
  ['GET / HTTP/1.1\nHost: h', /no signature/],
  ['GET / HTTP/1.1\nHost: h\nAuthorization: Bearer x', /no signature/],
  ['GET / HTTP/1.1\nX-Amz-Date: 20150830T123600Z', /no Host/],
  [head('host').replace('/aws4_request', ''), /Credential of the signature is not whole/],
  [head(''), /no SignedHeaders/],
  [head('host').replace(/X-Amz-Date.*\n/, ''), /no date/],
  ['', /Paste the request/],
])('what is no signed request is said to be none: %j', (text, says) => {
  expect(() => read(text)).toThrow(says);
});

describe('a canonical request', () => {
  const [canonicalRequest, stringToSign] = ['GET\n/\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD', 'AWS4-HMAC-SHA256\nT\nS\nH'];
  const texts = (...given: readonly [string | undefined, string | undefined]): SignedParts =>
    readSigningTexts({ kind: 'texts', canonicalRequest: given[0], stringToSign: given[1] }, NO_ECHO);

  it('has the scope of its own string to sign', () => {
    const parsed = parsePastedRequest(
      `${canonicalRequest}\n\nAWS4-HMAC-SHA256\n20150830T123600Z\n20150830/r/s/aws4_request\n${'0'.repeat(64)}\n`,
    );
    if (parsed.kind !== 'texts') throw new Error('They are texts');
    const { trace, region, service } = readSigningTexts(parsed, {
      ...NO_ECHO,
      stringToSign: { text: 'AWS4-HMAC-SHA256\n\nother/other/other/other\n', isWhole: true },
    });
    expect(trace).toMatchObject({ canonicalRequest, scope: '20150830/r/s/aws4_request' });
    expect([region, service]).toStrictEqual(['r', 's']);
  });

  it('has the scope that its query says', () => {
    const query =
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20150830%2Fr%2Fs%2Faws4_request&X-Amz-Date=20150830T123600Z';
    const { trace } = texts(canonicalRequest.replace('\n\nhost', `\n${query}\nhost`), undefined);
    expect(trace.scope).toBe('20150830/r/s/aws4_request');
    expect(trace.stringToSign.split('\n')[1]).toBe('20150830T123600Z');
  });

  it('has the scope of the hostname', () => {
    const { trace } = texts(canonicalRequest.replace('host:h', 'host:b.s3.eu-west-1.amazonaws.com'), undefined);
    expect(trace.scope).toMatch(/\/eu-west-1\/s3\/aws4_request$/);
  });

  it('has to be there', () => {
    expect(() => texts(undefined, stringToSign)).toThrow(/paste the canonical request as well/);
  });
});
