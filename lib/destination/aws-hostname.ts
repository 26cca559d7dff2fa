/**
 * Tells from a hostname which service and region its requests are signed for; after the endpoint naming of AWS's
 * General Reference ("AWS service endpoints") and the endpoint rule sets of the AWS SDKs.
 */
import {
  capturedServices,
  fixedStores,
  globalServices,
  homes,
  multiRegion,
  partitions,
  regionalStores,
  regionFirst,
  regionless,
  regionUnknown,
  signingNames,
  unsignable,
} from './aws-hostname-table.js';

type Rule = readonly [pattern: RegExp, value: string];

// A label may not begin with a hyphen; S3 has buckets with an underscore. No Unicode flag: under it, the Kelvin sign
// would pass for a k.
const hostnamePattern = /^([a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)+)\.?(?::[0-9]{1,5})?$/i;
const maxHostnameLength = 253 + '.:65535'.length;

const notation: Readonly<Record<string, string>> = { '.': '\\.', '*': '.+', '(': '(?:', '<': '(', '>': ')' };

const compile = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern.replace(/[.*(<>]/g, (sign) => notation[sign] ?? sign)})$`);

const compileTable = (table: Readonly<Record<string, string>>, start = ''): Rule[] =>
  Object.entries(table).map(([value, pattern]) => [compile(`${start}(${pattern})`), value]);

const anyBucket = '(*.)?';
const unsignablePattern = compile(unsignable);
const namingRules = [
  ...compileTable(signingNames),
  ...capturedServices.map((pattern): Rule => [compile(pattern), '$1']),
];
const multiRegionRules = compileTable(multiRegion);
const homeRules = Object.entries(homes).map(([regions, hosts]) => ({ host: compile(hosts), region: compile(regions) }));
const regionlessRules = compileTable(regionless);
const regionUnknownPattern = compile(regionUnknown);
const storeRules = [
  ...compileTable(fixedStores, anyBucket),
  ...regionalStores.map((pattern): Rule => [compile(anyBucket + pattern), '$1']),
];
const globalPattern = compile(`${globalServices}(.global)?`);
const endpoints = partitions.flatMap(([suffixes, globalRegion, regionStart]) => {
  const region = `<${regionStart}-[a-z]+-[0-9]{1,2}>`;
  const shapes = compileTable({
    '$1 $2': `<*>.(fips-)?${region}`,
    '$2 $1': `(*.)?${region}.<${regionFirst}>`,
    // The way of S3 until 2019.
    's3 $1': `(*.)?s3-${region}`,
  });
  return suffixes.split(' ').map((suffix) => ({ suffix: `.${suffix}`, globalRegion, shapes }));
});

/**
 * What a request to a host is signed for.
 *
 * @example
 * const scope: AwsScope | undefined = parseAwsHostname('search-logs.eu-west-1.es.amazonaws.com');
 * // { service: 'es', region: 'eu-west-1' }
 */
export interface AwsScope {
  /** The signing name of the service. */
  readonly service: string;
  /** The region; under SigV4a the set of all regions, `*`. */
  readonly region: string;
  /**
   * Given where the host needs SigV4a, or AWS prefers it; left out for SigV4.
   * @default none, which is SigV4
   */
  readonly algorithm?: 'sigv4a';
}

/**
 * Reads from a hostname the service and region that a request to it is signed for. These are SigV4's names, which are
 * not always the hostname's: `email.us-east-1.amazonaws.com` is signed for `ses`.
 *
 * A service or region that AWS adds later is recognised by its place and shape. Where the hostname does not tell for
 * sure, or its requests are not signed with SigV4, nothing is guessed. Upper case, a final dot and a port are allowed.
 *
 * A host that every region serves, such as S3's multi-region access points, needs SigV4a: the region is then `*`.
 *
 * @param hostname the name alone, or with a port: `abc123.execute-api.eu-west-1.amazonaws.com`
 * @returns Service and region, and the algorithm where it is SigV4a; `undefined` for any other hostname. Never throws.
 * @example
 * parseAwsHostname('my-bucket.s3.eu-west-1.amazonaws.com'); // { service: 's3', region: 'eu-west-1' }
 */
export function parseAwsHostname(hostname: string): AwsScope | undefined {
  if (typeof hostname !== 'string' || hostname.length > maxHostnameLength) return undefined;
  const known = scopes.get(hostname);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const scope = readScope(hostname);
  const [oldest] = scopes.keys();
  if (oldest !== undefined && scopes.size >= MOST_HOSTNAMES) scopes.delete(oldest);
  scopes.set(hostname, scope === undefined ? 'none' : Object.freeze(scope));
  return scope;
}

// Each request asks, and a program has few hosts: to go through the tables costs more than to sign (measured).
const MOST_HOSTNAMES = 1000;
const scopes = new Map<string, AwsScope | 'none'>();

function readScope(hostname: string): AwsScope | undefined {
  const name = hostnamePattern.exec(hostname)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;

  const endpoint = endpoints.find(({ suffix }) => name.endsWith(suffix));
  return endpoint ? parseEndpoint(name, endpoint) : toScope('s3', applyRules(storeRules, name));
}

/** Whether a hostname is one of AWS's own, not of a store that speaks as S3 does. */
export function isAwsHostname(hostname: string): boolean {
  const name = hostnamePattern.exec(hostname)?.[1]?.toLowerCase();
  return name !== undefined && endpoints.some(({ suffix }) => name.endsWith(suffix));
}

function parseEndpoint(hostname: string, { suffix, globalRegion, shapes }: (typeof endpoints)[number]) {
  const path = dropVariants(hostname.slice(0, -suffix.length));
  const multiRegionService = applyRules(multiRegionRules, path);
  if (multiRegionService !== undefined) {
    return { service: multiRegionService, region: '*', algorithm: 'sigv4a' } as const;
  }
  const [label = '', region] = applyRules(shapes, path)?.split(' ') ?? [
    path.replace(/^global\.|\.(?:global|us-gov)$/g, ''),
    nameHomeRegion(path, suffix, globalRegion),
  ];
  const home = homeRules.find(({ host }) => host.test(label));
  if (region === undefined || home?.region.test(region) === false) return undefined;
  return toScope(nameService(label, suffix), region);
}

/** The region of a hostname that says none. */
function nameHomeRegion(path: string, suffix: string, globalRegion: string): string | undefined {
  const region = applyRules(regionlessRules, path + suffix);
  if (region !== undefined || regionUnknownPattern.test(path + suffix)) return region;
  return globalPattern.test(path) ? globalRegion : undefined;
}

/** Drops what does not change who signs: FIPS, dual-stack and VPC endpoints. */
function dropVariants(path: string): string {
  return path
    .replace(/-fips(?=[-.]|$)/g, '')
    .replace(/(^|\.)(?:dualstack|fips)\./, '$1')
    .replace(/^(?:.+\.)?vpce-[^.]+\.(.+)\.vpce$/, '$1');
}

function nameService(labels: string, suffix: string): string | undefined {
  // The account that calls: 123456789012.ddb.
  const path = labels.replace(/^[0-9]{12}\./, '');
  if (unsignablePattern.test(path)) return undefined;
  // Under on.aws a single label may be anything's.
  const isService = suffix !== '.on.aws' && /^[a-z][a-z0-9-]*$/.test(path);
  return applyRules(namingRules, path) ?? (isService ? path : undefined);
}

/** The value of the first rule that matches the name. */
function applyRules(rules: readonly Rule[], name: string): string | undefined {
  const rule = rules.find(([pattern]) => pattern.test(name));
  return rule && name.replace(rule[0], rule[1]);
}

function toScope(service: string | undefined, region: string | undefined) {
  return service && region ? { service, region } : undefined;
}
