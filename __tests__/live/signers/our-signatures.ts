/** The same requests signed by this package: through a real axios, and by its lower floor, which takes them literally. */
import axios from 'axios';
import { headerValues, parseAmzDate, type RawRequest } from 'strict-sigv4-verifier';
import { aws4Interceptor } from '../../../lib/index.js';
import { signRequest } from '../../../lib/sigv4/index.js';
import type { Recorder } from './recorder.js';
import { allCredentials, headersToSend, region, type SignedOnTheWire } from './signed-on-the-wire.js';
import type { SignerRequest } from './signer-request.js';

/** What axios is told of a request; its URL is without the origin. */
export interface OurRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly params?: URLSearchParams;
  readonly data?: string | Buffer;
}

/** A request of the table, as a user of axios writes it. */
export function tableForAxios({ method, path, query, params, headers, body }: SignerRequest): OurRequest {
  return {
    method,
    url: query === '' ? path : `${path}?${query}`,
    headers: Object.fromEntries(headers),
    ...(params.length > 0 && { params: new URLSearchParams(params.map((pair) => [...pair])) }),
    ...(body.length > 0 && { data: body }),
  };
}

/** A request that another client has sent, for axios to send the same. */
export function recordedForAxios(theirs: SignedOnTheWire): OurRequest {
  const { method, target, body } = theirs.request;
  return { method, url: target, headers: headersToSend(theirs), ...(body.length > 0 && { data: body }) };
}

/** Sends a request by axios with the date, the scope, the credentials and the signed headers of theirs. */
export async function sendByAxios(recorder: Recorder, ours: OurRequest, theirs: SignedOnTheWire): Promise<RawRequest> {
  const { authorization, service, isTemporary } = theirs;
  const credentials = isTemporary ? allCredentials.temporary : allCredentials.longTerm;
  const { signedHeaders } = authorization;
  const client = axios.create({ proxy: false, validateStatus: () => true });
  client.interceptors.request.use(aws4Interceptor({ region, service, credentials, signedHeaders }));
  const [arrived, ...others] = await recorder.capture(() =>
    client.request({
      ...ours,
      url: `${recorder.origin}${ours.url}`,
      // Where they send no content type, axios is to add none of its own.
      headers: { 'Content-Type': false, ...ours.headers, 'X-Amz-Date': dateOf(theirs) },
    }),
  );
  if (arrived === undefined || others.length > 0) throw new Error('axios did not send one request');
  return arrived;
}

/** The signature of just what they sent, with nothing resolved, encoded or added. */
export function signLiterally(recorder: Recorder, theirs: SignedOnTheWire): string {
  const { request, authorization, service, isTemporary } = theirs;
  const signed = signRequest(
    {
      method: request.method,
      url: `${recorder.origin}${request.target}`,
      headers: headersToSend(theirs),
      body: request.body,
    },
    {
      region,
      service,
      credentials: isTemporary ? allCredentials.temporary : allCredentials.longTerm,
      date: parseAmzDate(dateOf(theirs)),
      signedHeaders: authorization.signedHeaders,
      contentSha256Header: headerValues(request.headers, 'x-amz-content-sha256').length > 0,
    },
  );
  return signed.trace.signature;
}

function dateOf({ request }: SignedOnTheWire): string {
  const [date] = headerValues(request.headers, 'x-amz-date');
  if (date === undefined) throw new Error('The request has no X-Amz-Date');
  return date;
}
