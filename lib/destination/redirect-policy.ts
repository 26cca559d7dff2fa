/** Whether a redirect is signed anew, or followed without any secret. */
import { isAwsHostname, parseAwsHostname } from './aws-hostname.js';
import type { ParseHostname } from './endpoint.js';
import { matchesHosts, type Hosts } from './hosts.js';
import { isThisMachine } from './this-machine.js';
import type { ChunkSeed } from '../sigv4/chunk-encoder.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isS3Kin } from '../sigv4/service-rules.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';

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
  /** What signs the chunks of a body that is framed anew for it. */
  readonly seed?: ChunkSeed | undefined;
  /** What was signed, where anything was. */
  readonly trace?: SigningTrace;
}

/** Signs a hop: gives its URL as it is signed, and its headers with the signature. */
export type SignHop = (hop: Hop, parseHostname: ParseHostname) => RedirectedHop;

const SIGNATURE_HEADERS = /^(?:authorization|x-amz-(?:date|content-sha256|region-set|(?:security|s3session)-token))$/i;
// Every `x-amz-*` header that sounds like a credential, a date or a hash: a list of names would lag behind AWS's.
const SECRET_AMZ_HEADERS =
  /^x-amz-.*(?:token|access-key|customer-key|mfa|credential|signature|secret|date|expires|hash|sha256|md5|checksum|length|trailer)/i;

/** Decides on one redirect. */
export type FollowPolicy = (hop: Hop) => RedirectedHop;

/** Where a request has got to: it is told of each redirect, and asks a policy, which is made for the first. */
export interface RedirectTrail {
  follow(hop: Hop, createPolicy: typeof createRedirectPolicy): RedirectedHop;
}

/** What decides on the redirects of one request. */
export interface RedirectRules {
  /** Where a redirect leads to, without a signature of ours in its query; `undefined` where ours are in the headers. */
  readonly dropSignature?: ((url: URL) => URL) | undefined;
  /** Where the request went first. */
  readonly from: URL;
  readonly hosts: Hosts | undefined;
  /** The service that the first request was signed for. */
  readonly service: string;
  /** Whether the options say that service, so that it is also the one of a host whose name says none. */
  readonly isServiceGiven: boolean;
  /** Whether the body goes unsigned without the request's own word: then not over http to another machine. */
  readonly needsSecureWay: boolean;
}

/**
 * Makes the policy for one request, which is asked for each of its redirects in turn. After a redirect to a host that
 * is not trusted, no later one is signed, not even one back to the first host: the host in between would choose what is
 * signed.
 */
export function createRedirectPolicy(rules: RedirectRules, sign: SignHop): FollowPolicy {
  let previous = rules.from;
  let isTrusted = true;
  let keepsBody = true;
  return (hop) => {
    const url = rules.dropSignature?.(hop.url) ?? hop.url;
    isTrusted &&= mayFollow(previous, url, rules);
    keepsBody &&= hop.keepsBody;
    previous = url;
    const headers = omitHeaders(hop.headers, SIGNATURE_HEADERS);
    if (!isTrusted) {
      return { href: url.href, headers: omitHeaders(headers, SECRET_AMZ_HEADERS), datedMs: undefined };
    }
    if (isPresigned(url)) return { href: url.href, headers, datedMs: undefined };
    return sign({ ...hop, url, headers, keepsBody }, parseAwsHostname);
  };
}

/**
 * Within the origin; else to a host that `hosts` names, for the service that the caller asked for: who answers for one
 * service must not have a request made to another. The hostnames that are known, and this machine, do not count here.
 */
function mayFollow(previous: URL, to: URL, rules: RedirectRules): boolean {
  if (to.origin === previous.origin) return true;
  const isDowngrade = previous.protocol === 'https:' && to.protocol !== 'https:';
  const isUnsafe = rules.needsSecureWay && to.protocol === 'http:' && !isThisMachine(to);
  if (isDowngrade || isUnsafe) return false;
  const isNamed = rules.hosts !== undefined && matchesHosts(to, rules.hosts);
  if (isNamed) return isOfService(to, rules);
  return (
    isOwnS3(rules.from, rules.service) &&
    isOwnS3(to, rules.service) &&
    (isOfOneRegion(to) || !isOfOneRegion(rules.from))
  );
}

function isOfService({ hostname }: URL, { service, isServiceGiven }: RedirectRules): boolean {
  const named = parseAwsHostname(hostname);
  return named === undefined ? isServiceGiven : named.service === service;
}

/** AWS redirects buckets between the hostnames of its regions, which nobody can name beforehand. */
function isOwnS3({ hostname }: URL, service: string): boolean {
  return isS3Kin(service) && isAwsHostname(hostname) && parseAwsHostname(hostname)?.service === service;
}

/** A signature that is good in every region is made for the caller's own host alone, and not since a region asks for it. */
function isOfOneRegion({ hostname }: URL): boolean {
  return parseAwsHostname(hostname)?.region !== '*';
}

/**
 * Whether a redirect may lead to a host that needs SigV4a, where the first one does not. A hop cannot wait for what signs
 * so: it is loaded before.
 */
export function mayLeadToSigV4a(hosts: Hosts): boolean {
  if (typeof hosts === 'function') return true;
  return hosts.some((name) => name.startsWith('*.') || parseAwsHostname(name)?.region === '*');
}

function isPresigned({ searchParams }: URL): boolean {
  return [...searchParams.keys()].some((name) => name.toLowerCase() === 'x-amz-signature');
}

export function omitHeaders(headers: HttpHeaders, names: RegExp): HttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}
