/** Where signatures may go: `hosts`, or without it everywhere but away from `baseURL`. */
import type { InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from '../errors.js';
import { parseUrl } from '../request/outgoing-url.js';

/**
 * Where signatures may go: hostnames, `*.example.com` for every name below one, or a function that decides. With a port
 * (`localhost:9000`), only that port.
 */
export type Hosts = readonly string[] | ((hostname: string, url: URL) => boolean);

/** What becomes of a request to a host that signatures may not go to: an error, or it is sent unsigned. */
export type Elsewhere = 'refuse' | 'unsigned';

/** What the options say of whom a signature is for. */
export interface HostRules {
  readonly hosts: Hosts | undefined;
  readonly elsewhere: Elsewhere;
}

/** Whether `hosts` names the URL's host. */
export function matchesHosts(url: URL, hosts: Hosts): boolean {
  if (typeof hosts === 'function') {
    const answer: unknown = hosts(url.hostname, url);
    if (typeof answer === 'boolean') return answer;
    throw new Aws4AuthError('hosts: the function must return true or false, and no promise', 'ERR_INVALID_OPTION');
  }
  return hosts.some((pattern) => {
    const name = pattern.toLowerCase();
    const host = hasPort(name) ? url.host : url.hostname;
    return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
  });
}

function hasPort(pattern: string): boolean {
  return /:\d+$/.test(pattern);
}

/**
 * Whether a request may be signed: where `hosts` says so, or, without it, everywhere but where an absolute URL leads
 * away from `baseURL` to another origin.
 */
export function maySign(url: URL, hosts: Hosts | undefined, config: InternalAxiosRequestConfig): boolean {
  if (hosts !== undefined) return matchesHosts(url, hosts);
  return !config.baseURL || parseUrl(config.baseURL, config.socketPath).origin === url.origin;
}

/** The error for a request that may not be signed where it goes. */
export function createHostError(url: URL, hosts: Hosts | undefined): Aws4AuthError {
  const why = hosts === undefined ? 'leads away from baseURL' : 'is not among hosts';
  return new Aws4AuthError(
    `hosts: ${url.host} ${why}; name it in hosts to sign for it, or send it unsigned by elsewhere: 'unsigned'`,
    'ERR_UNTRUSTED_HOST',
  );
}

const HOST_PATTERN = /^(?:\*\.)?(?:[^\s/*@:?#[\]]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

/** Whether a value can be the option `hosts`. */
export function isHosts(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && HOST_PATTERN.test(name));
}
