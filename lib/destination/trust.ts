/** Whom a signature is for: whether a request may be signed where it goes. */
import type { InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from '../errors.js';
import { proceed } from '../platform/waiting.js';
import { readOwn } from '../request/config.js';
import { parseUrl } from '../request/outgoing-url.js';
import type { ParsedUrl } from '../request/parsed-url.js';
import { matchesHosts, type Hosts } from './hosts.js';
import { loadHostnames } from './known-hostnames.js';
import { isThisMachine } from './this-machine.js';

/**
 * Whether a request that the caller asked for may be signed: where `hosts` says so; without it for the hostnames that
 * are known for a service, for this machine, and for the origin of `baseURL`.
 */
export function maySign(
  url: ParsedUrl,
  hosts: Hosts | undefined,
  config: InternalAxiosRequestConfig,
): boolean | Promise<boolean> {
  if (hosts !== undefined) return matchesHosts(url, hosts);
  if (knownHostnames.has(url.hostname) || isThisMachine(url) || isAtBaseUrl(url, config)) return true;
  return proceed(loadHostnames(), ({ parseAwsHostname }) => {
    const isKnown = parseAwsHostname(url.hostname) !== undefined;
    if (isKnown && knownHostnames.size < MOST_HOSTNAMES) knownHostnames.add(url.hostname);
    return isKnown;
  });
}

/** Those that were met first of the hostnames that are known for a service: a program has few. */
const knownHostnames = new Set<string>();
const MOST_HOSTNAMES = 500;

function isAtBaseUrl({ origin }: ParsedUrl, config: InternalAxiosRequestConfig): boolean {
  const baseURL = readOwn(config, 'baseURL');
  if (!baseURL) return false;
  const text: string = baseURL;
  // Most bases need no parser.
  if (text === origin || text.startsWith(`${origin}/`)) return true;
  return parseUrl(text, readOwn(config, 'socketPath')).origin === origin;
}

/** The error for a request that may not be signed where it goes. */
export function createHostError({ host }: ParsedUrl, hosts: Hosts | undefined): Aws4AuthError {
  const why =
    hosts === undefined ? 'is not known to be for AWS, this machine, nor the origin of baseURL' : 'is not among hosts';
  const how = typeof hosts === 'function' ? 'let the function name it' : `name it (hosts: [${JSON.stringify(host)}])`;
  return new Aws4AuthError(
    `hosts: ${host} ${why}; ${how} to sign for it, or send it unsigned by elsewhere: 'unsigned' or aws4: false`,
    'ERR_UNTRUSTED_HOST',
  );
}
