/** The option `hosts`: where signatures may go, what it can be, and whether it names a host. */
import { Aws4AuthError } from '../errors.js';
import { createUrl, createUrlError, hasStandardUrl } from '../platform/standard-url.js';
import { parseUrl } from '../request/outgoing-url.js';
import type { ParsedUrl } from '../request/parsed-url.js';

/**
 * Where signatures may go: hostnames, `*.example.com` for every name below one, or a function that decides. With a port
 * (`localhost:9000`), only that port.
 *
 * @example
 * aws4Interceptor({ hosts: ['api.example.com', '*.internal.example.com', 'localhost:9000'] });
 * aws4Interceptor({ hosts: (hostname) => hostname.endsWith('.example.com') });
 */
export type Hosts = readonly string[] | ((hostname: string, url: URL) => boolean);

/**
 * What becomes of a request to a host that signatures may not go to: an error, or it is sent unsigned.
 *
 * @example
 * aws4Interceptor({ hosts: ['api.example.com'], elsewhere: 'unsigned' });
 */
export type Elsewhere = 'refuse' | 'unsigned';

/** What the options say of whom a signature is for. */
export interface HostRules {
  readonly hosts: Hosts | undefined;
  readonly elsewhere: Elsewhere;
}

/** Whether `hosts` names the URL's host. A list is read anew each time: its owner may change it. */
export function matchesHosts(url: ParsedUrl, hosts: Hosts): boolean {
  if (typeof hosts === 'function') {
    const isUrl = hasStandardUrl() && url instanceof URL;
    const answer: unknown = hosts(url.hostname, isUrl ? url : createUrl(url.href));
    if (typeof answer === 'boolean') return answer;
    throw new Aws4AuthError('hosts: the function must return true or false, and no promise', 'ERR_INVALID_OPTION');
  }
  // A name with a final dot is the same in DNS.
  const hostname = url.hostname.replace(/\.$/, '');
  const host = url.port === '' ? hostname : `${hostname}:${url.port}`;
  return hosts.some((pattern) => {
    const name = pattern.toLowerCase();
    const asked = hasPort(name) ? host : hostname;
    return name.startsWith('*.') ? asked.endsWith(name.slice(1)) : asked === name;
  });
}

function hasPort(pattern: string): boolean {
  return /:\d+$/.test(pattern);
}

const HOST_PATTERN = /^(\*\.)?([^\s/*@:?#[\]]+|\[[0-9a-f:.]+\])(:\d+)?$/i;

/** Whether a value can be the option `hosts`. */
export function isHosts(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && HOST_PATTERN.test(name));
}

/**
 * What is wrong with the first entry of a list that no URL can ever match, as URLs spell their hosts, and what to write
 * in its place.
 */
export function findDeadHost(hosts: Hosts): string | undefined {
  if (typeof hosts === 'function') return undefined;
  for (const pattern of hosts) {
    const spelled = spellHost(pattern);
    if (spelled === pattern.toLowerCase()) continue;
    const instead = spelled === undefined ? 'it is no hostname' : `write ${JSON.stringify(spelled)}`;
    return `${JSON.stringify(pattern)} matches no URL; ${instead}`;
  }
  return undefined;
}

/** An entry as a URL has it: in punycode, without a final dot and without the port that its scheme has anyway. */
function spellHost(pattern: string): string | undefined {
  const [, wildcard = '', name = '', port = ''] = HOST_PATTERN.exec(pattern) ?? [];
  const withoutDot = name.replace(/\.$/, '');
  // An empty label is none of DNS, though a URL may have it.
  if (withoutDot.split('.').includes('')) return undefined;
  const probe = wildcard === '' ? withoutDot : `a.${withoutDot}`;
  try {
    const url = parseUrl(`https://${probe}${port}`, undefined);
    const host = wildcard === '' ? url.hostname : url.hostname.slice('a.'.length);
    const isOwnPort = url.port === '' || url.port === '80';
    return `${wildcard}${host}${isOwnPort ? '' : `:${url.port}`}`;
  } catch (error) {
    if (error instanceof Aws4AuthError && error.code === 'ERR_RUNTIME') throw createUrlError('hosts');
    return undefined;
  }
}
