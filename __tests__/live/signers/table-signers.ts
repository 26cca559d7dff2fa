/** The requests of the table, signed and sent by botocore and by curl. */
import { createHash } from 'node:crypto';
import type { ReceivedRequest } from 'strict-sigv4-verifier';
import { runProgram, runPython } from './installed-signers.js';
import type { Recorder } from './recorder.js';
import { allCredentials, region } from './signed-on-the-wire.js';
import { normalizeUrlPath, normalizeQuery, type Pairs, type SignerRequest } from './signer-request.js';

/** A request, and where its signer tells them, the canonical request and string to sign that it made of it. */
export interface Arrived extends ReceivedRequest {
  readonly ownWords?: { readonly canonicalRequest: string; readonly stringToSign: string };
}

/** Sends them all, one after the other, from one Python. */
export async function sendByBotocore(
  recorder: Recorder,
  requests: readonly SignerRequest[],
): Promise<readonly Arrived[]> {
  const job = {
    origin: recorder.origin,
    region,
    requests: requests.map((request) => ({
      ...request,
      path: normalizeUrlPath(request),
      headers: headersOf(request),
      body: Buffer.from(request.body).toString('base64'),
      ...credentialsOf(request),
    })),
  };
  let ownWords: readonly NonNullable<Arrived['ownWords']>[] = [];
  const arrived = await recorder.capture(async () => {
    ownWords = (await runPython('botocore-signer.py', job)) as typeof ownWords;
  });
  return arrived.map((request, index) => ({ ...request, ...(ownWords[index] && { ownWords: ownWords[index] }) }));
}

export async function sendByCurl(recorder: Recorder, request: SignerRequest): Promise<readonly ReceivedRequest[]> {
  const { method, service, body } = request;
  const { accessKeyId, secretAccessKey, sessionToken } = credentialsOf(request);
  const query = normalizeQuery(request);
  const headers = [
    ...headersOf(request),
    ...(sessionToken === undefined ? [] : [['X-Amz-Security-Token', sessionToken]]),
  ];
  const args = [
    // The first of them: no configuration file.
    '--disable',
    ...['--silent', '--show-error', '--output', '/dev/null', '--max-time', '10', '--noproxy', '*'],
    // The URL as it is.
    ...['--globoff', '--path-as-is'],
    ...['--aws-sigv4', `aws:amz:${region}:${service}`, '--user', `${accessKeyId}:${secretAccessKey}`],
    ...(method === 'HEAD' ? ['--head'] : ['--request', method]),
    ...headers.flatMap(([name = '', value = '']) => ['--header', value === '' ? `${name};` : `${name}: ${value}`]),
    ...(body.length > 0 ? ['--data-binary', '@-'] : []),
    `${recorder.origin}${normalizeUrlPath(request)}${query === '' ? '' : `?${query}`}`,
  ];
  return recorder.capture(() => runProgram('/usr/bin/curl', args, { input: body }));
}

function credentialsOf({ hasToken }: SignerRequest) {
  return { sessionToken: undefined, ...(hasToken ? allCredentials.temporary : allCredentials.longTerm) };
}

/** The headers, with the body's hash where it is to be sent; botocore sends it to S3 by itself, curl does not. */
function headersOf({ headers, hasContentSha256, body }: SignerRequest): Pairs {
  if (!hasContentSha256) return headers;
  return [...headers, ['X-Amz-Content-Sha256', createHash('sha256').update(body).digest('hex')]];
}
