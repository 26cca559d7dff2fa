/** Which URLs the environment has go through a proxy, by the rules of the proxy-from-env package, which axios follows. */

/** What of a URL its proxy depends on. */
export type ProxiedUrl = Pick<URL, 'protocol' | 'hostname' | 'port'>;

const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http:', '80'],
  ['https:', '443'],
]);

/**
 * Whether the environment names a proxy for a URL: `http_proxy`, `https_proxy` or `all_proxy`, unless `no_proxy` names
 * its host; each in lower case, else in upper case.
 */
export function isProxiedByEnvironment(
  url: ProxiedUrl,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const read = (name: string): string =>
    [name, name.toUpperCase()].map((each) => environment[each] ?? '').find((value) => value !== '') ?? '';
  if (read(`${url.protocol.slice(0, -1)}_proxy`) === '' && read('all_proxy') === '') return false;
  const exceptions = read('no_proxy').toLowerCase();
  if (exceptions === '*') return false;
  const port = url.port === '' ? DEFAULT_PORTS.get(url.protocol) : url.port;
  return !exceptions.split(/[,\s]/).some((exception) => isException(exception, url.hostname, port));
}

/** Whether an entry of `no_proxy` names a host: by its whole name, by its end after `*` or `.`, and by its port if it has one. */
function isException(exception: string, hostname: string, port: string | undefined): boolean {
  const [, name = '', ofPort] = /^(.+?)(?::(\d+))?$/.exec(exception) ?? [];
  if (name === '' || (ofPort !== undefined && Number(ofPort) !== Number(port))) return false;
  return /^[.*]/.test(name) ? hostname.endsWith(name.replace(/^\*/, '')) : hostname === name;
}
