/** AWS's own SigV4 suite, header cases: canonical request, string to sign and signature, each asserted alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signRequest, type SignedRequest } from '../../lib/sigv4/index.js';

// Data of AWS's, under Apache-2.0, read where it lies beside the checkout; it is not part of this repository.
const suite = join(__dirname, '../../../shared/vectors/sigv4');

interface Context {
  readonly credentials: {
    readonly access_key_id: string;
    readonly secret_access_key: string;
    readonly token?: string;
  };
  readonly normalize: boolean;
  readonly region: string;
  readonly service: string;
  readonly sign_body: boolean;
  readonly timestamp: string;
  readonly omit_session_token?: boolean;
}

const read = (name: string, file: string): string => readFileSync(join(suite, name, file), 'utf8');

/** Reads a request as a server would, with folded lines (RFC 9112, section 5.2) as the spaces that they stand for. */
function parseRequest(text: string): {
  method: string;
  target: string;
  headers: Record<string, string | string[]>;
  body: string;
} {
  const end = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = (end === -1 ? text : text.slice(0, end))
    .trimEnd()
    .replace(/\n[ \t]+/g, '   ')
    .split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1);
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return { method, target, headers, body: end === -1 ? '' : text.slice(end + 2) };
}

const lowerNames = (headers: object): object =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as unknown]));

function signCase(name: string): SignedRequest {
  const context = JSON.parse(read(name, 'context.json')) as Context;
  const { method, target, headers, body } = parseRequest(read(name, 'request.txt'));
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey, token: sessionToken } = context.credentials;
  return signRequest(
    { method, url: `https://example.amazonaws.com${target}`, headers, body },
    {
      region: context.region,
      service: context.service,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      date: new Date(context.timestamp),
      normalizePath: context.normalize,
      contentSha256Header: context.sign_body,
      omitSessionToken: context.omit_session_token,
      // The suite's signer signs every header, those that a proxy rewrites too.
      signedHeaders: ['*', 'content-length'],
    },
  );
}

if (existsSync(suite)) {
  const names = readdirSync(suite);

  it('has all the cases', () => {
    expect(names).toHaveLength(38);
  });

  describe.each(names)('%s', (name) => {
    it('has the canonical request', () => {
      expect(signCase(name).trace.canonicalRequest).toBe(read(name, 'header-canonical-request.txt'));
    });
    it('has the string to sign', () => {
      expect(signCase(name).trace.stringToSign).toBe(read(name, 'header-string-to-sign.txt'));
    });
    it('has the signature', () => {
      expect(signCase(name).trace.signature).toBe(read(name, 'header-signature.txt'));
    });
    it('has the headers of the signed request', () => {
      const expected = parseRequest(read(name, 'header-signed-request.txt')).headers;
      expect(lowerNames(signCase(name).headers)).toStrictEqual(lowerNames(expected));
    });
  });
} else {
  it.skip("AWS's suite: ../shared/vectors/sigv4 is not beside this checkout, so its 38 cases did not run", () => {
    expect(existsSync(suite)).toBe(true);
  });
}
