/** Whether a redirect is signed anew, or followed without any secret. */
import { matchesHosts, type Hosts } from './hosts.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';

/** A request that a redirect leads to, before it is signed or stripped. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: HttpHeaders;
  /** Whether the body of the request before is sent again. */
  readonly keepsBody: boolean;
}

/** What is sent for a redirect. */
export interface RedirectedHop {
  readonly href: string;
  readonly headers: HttpHeaders;
  /** The moment of its signature, in ms since the epoch; `undefined` where it goes on unsigned. */
  readonly datedMs: number | undefined;
}

/** Signs a hop: gives its URL as it is signed, and its headers with the signature. */
export type SignHop = (hop: Hop) => RedirectedHop;

const SIGNATURE_HEADERS = /^(?:authorization|x-amz-(?:date|content-sha256|security-token))$/i;
// Every `x-amz-*` header that sounds like a credential, a date or a hash: a list of names would lag behind AWS's.
const SECRET_AMZ_HEADERS =
  /^x-amz-.*(?:token|access-key|customer-key|mfa|credential|signature|secret|date|expires|hash|sha256|md5|checksum|length|trailer)/i;

/** Decides on one redirect. */
export type FollowPolicy = (hop: Hop) => RedirectedHop;

/**
 * Makes the policy for one request, which is asked for each of its redirects in turn. After a redirect to a host that
 * is not trusted, no later one is signed, not even one back to the first host: the host in between would choose what is
 * signed.
 *
 * @param from where the request went first
 */
export function createRedirectPolicy(from: URL, hosts: Hosts | undefined, sign: SignHop): FollowPolicy {
  let previous = from;
  let isTrusted = true;
  let keepsBody = true;
  return (hop) => {
    const { url } = hop;
    isTrusted &&= mayFollow(previous, url, hosts);
    keepsBody &&= hop.keepsBody;
    previous = url;
    const headers = omitHeaders(hop.headers, SIGNATURE_HEADERS);
    if (!isTrusted) {
      return { href: url.href, headers: omitHeaders(headers, SECRET_AMZ_HEADERS), datedMs: undefined };
    }
    if (isPresigned(url)) return { href: url.href, headers, datedMs: undefined };
    return sign({ ...hop, headers, keepsBody });
  };
}

function mayFollow(from: URL, to: URL, hosts: Hosts | undefined): boolean {
  if (to.origin === from.origin) return true;
  const isDowngrade = from.protocol === 'https:' && to.protocol !== 'https:';
  return !isDowngrade && hosts !== undefined && matchesHosts(to, hosts);
}

function isPresigned({ searchParams }: URL): boolean {
  return [...searchParams.keys()].some((name) => name.toLowerCase() === 'x-amz-signature');
}

export function omitHeaders(headers: HttpHeaders, names: RegExp): HttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}
