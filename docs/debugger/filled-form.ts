/** A form that is filled in by what was pasted: HTTP, a curl command or a URL, signed or not. */
import { decodeOnce } from '../../lib/sending/differences.js';
import { dropSignatureParameters, readSignature } from '../../lib/sigv4/presigned-url.js';
import { readAuthority, readScope } from './hostname-scope.js';
import { PasteError } from './paste-error.js';
import { parsePastedRequest, type PastedRequest } from './pasted-request.js';
import type { SigningForm } from './stages.js';

/** The fields that a request fills in; those that it says nothing of are left as they are. */
export type FilledFields = Partial<SigningForm> & Pick<SigningForm, 'method' | 'url' | 'headers' | 'body'>;

/** What signing sets goes into the field that it comes from. */
const SET_BY_SIGNING = /^(?:x-amz-date|x-amz-region-set|x-amz-security-token)$/i;

/**
 * Reads a request into the fields of the form.
 *
 * @throws PasteError for what is no request
 */
export function fillForm(text: string): FilledFields {
  const pasted = parsePastedRequest(text);
  if (pasted.kind === 'texts') {
    throw new PasteError('This is a canonical request, which cannot be signed: paste the request itself');
  }
  const { method, headers, body } = pasted;
  const find = (name: string): string | undefined => headers.find(([each]) => each.toLowerCase() === name)?.[1];
  const isSigned = find('authorization')?.startsWith('AWS4-') === true;
  const host = readAuthority(pasted.url);
  const isKept = (name: string, value: string): boolean => {
    switch (name.toLowerCase()) {
      case 'host':
        return value !== host;
      case 'authorization':
        return !isSigned;
      case 'x-amz-content-sha256':
        // Anything but a hash is a choice: UNSIGNED-PAYLOAD.
        return !/^[\da-f]{64}$/.test(value);
      default:
        return !SET_BY_SIGNING.test(name);
    }
  };
  const { url, ...ofQuery } = takeSignature(pasted.url);
  const date = find('x-amz-date') ?? ofQuery.date;
  const sessionToken = find('x-amz-security-token') ?? ofQuery.token;
  return {
    method,
    url,
    headers: headers
      .filter(([name, value]) => isKept(name, value))
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    body,
    ...readSigner(pasted),
    ...(date !== undefined && { date }),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

/** A URL without the parameters of an earlier presigning, and what of these goes into fields of its own. */
function takeSignature(url: string): { readonly url: string; readonly token?: string; readonly date?: string } {
  const [base = '', query = ''] = url.split('?', 2);
  if (readSignature(query) === undefined) return { url };
  const read = (name: string): string | undefined => new RegExp(`(?:^|&)${name}=([^&#]*)`, 'i').exec(query)?.[1];
  const [token, date] = [read('X-Amz-Security-Token'), read('X-Amz-Date')];
  const kept = dropSignatureParameters(query);
  return {
    url: kept === '' ? base : `${base}?${kept}`,
    ...(token !== undefined && { token: decodeOnce(token) }),
    ...(date !== undefined && { date }),
  };
}

/** Whom it is signed for: by its own signature, by curl's options, or by its hostname. */
function readSigner({ url, headers, signer }: PastedRequest): Partial<SigningForm> {
  if (signer !== undefined) {
    const { accessKeyId, secretAccessKey, region, service } = signer;
    return {
      ...(accessKeyId !== '' && { accessKeyId }),
      ...(secretAccessKey !== '' && { secretAccessKey }),
      ...(region !== '' && { region }),
      ...(service !== '' && { service }),
    };
  }
  const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const text = `${authorization} ${url.replaceAll(/%2F/gi, '/')}`;
  const [, accessKeyId, first, second] =
    /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/(?:([^/]+)\/)?aws4_request/.exec(text) ?? [];
  if (accessKeyId !== undefined && first !== undefined) {
    if (second !== undefined) return { accessKeyId, region: first, service: second };
    // A scope without a region is SigV4a's, whose set of regions stands beside it.
    const header = headers.find(([name]) => name.toLowerCase() === 'x-amz-region-set')?.[1];
    const region = header ?? decodeOnce(/X-Amz-Region-Set=([^&]*)/i.exec(url)?.[1] ?? '');
    return { accessKeyId, region, service: first, algorithm: 'sigv4a' };
  }
  const { algorithm, ...scope } = readScope(url) ?? {};
  return algorithm === undefined ? scope : { ...scope, algorithm };
}
