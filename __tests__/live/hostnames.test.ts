/**
 * Compares what `parseAwsHostname` reads from a hostname with what botocore signs for there: each hostname that botocore
 * resolves, of every service in every region, must be read right or not at all. It is Debian's botocore, or the one in
 * the folder that BOTOCORE_FOLDER names (`pip install --target FOLDER botocore`).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAwsHostname } from '../../lib/index.js';
import { bareEnvironment } from './signers/installed-signers.js';

/** Algorithm, signing name, region. */
type Way = readonly [algorithm: string, service: string, region: string];

interface Resolved {
  readonly version: string;
  readonly services: number;
  /** By hostname and service, each resolution: the ways to sign, the preferred one first; none where it is not SigV4. */
  readonly hostnames: Readonly<Record<string, Readonly<Record<string, readonly (readonly Way[])[]>>>>;
}

interface Exception {
  /** The service as botocore names it. */
  readonly service: string;
  readonly hostname: RegExp;
  readonly why: string;
}

/** Where botocore's answer is not the one to give. */
const exceptions: readonly Exception[] = [
  { service: 'iot', hostname: /^iot(-fips)?\./, why: 'botocore 1.29 signs for execute-api; later ones for iot' },
  {
    service: 'sso-oidc',
    hostname: /^oidc(-fips)?\./,
    why: 'botocore 1.29 signs for awsssooidc; later ones for sso-oauth',
  },
  { service: 'sdb', hostname: /^sdb(-fips)?\./, why: 'Signature Version 2 in this model; simpledbv2 has SigV4 there' },
  {
    service: 'chime',
    hostname: /^(identity|messaging)-chime/,
    why: 'these operations have moved to services of their own',
  },
  {
    service: 'health',
    hostname: /^health(-fips)?\.us-(east-[12]|gov-west-1)\./,
    why: 'aliases of one endpoint, each of its region',
  },
  { service: 'budgets', hostname: /^budgets(-fips)?\.amazonaws\.com$/, why: 'GovCloud has no such service' },
  { service: 'cloudfront', hostname: /^cloudfront(-fips)?\.amazonaws\.com$/, why: 'GovCloud has no such service' },
];

const folder = process.env['BOTOCORE_FOLDER'];
const resolved = resolveHostnames();
const isMissing = resolved === undefined && process.env['CI'] !== 'true';
if (isMissing) process.stderr.write('botocore DID NOT RUN: python3-botocore could not be had. This run proves less.\n');

(isMissing ? describe.skip : describe)('the hostnames of botocore', () => {
  it('are many', () => {
    expect(resolved?.services).toBeGreaterThan(300);
    expect(Object.keys(resolved?.hostnames ?? {}).length).toBeGreaterThan(40_000);
  });

  it('are read right or not at all', () => {
    const outcomes = { right: 0, unread: 0, excepted: 0 };
    const wrong: string[] = [];
    for (const [hostname, services] of Object.entries(resolved?.hostnames ?? {})) {
      const answer = read(hostname);
      const dissenters = Object.entries(services).flatMap(([service, resolutions]) =>
        resolutions.every((ways) => isAnswered(hostname, ways, answer)) ? [] : [service],
      );
      const isExcepted = (service: string): boolean =>
        exceptions.some((exception) => exception.service === service && exception.hostname.test(hostname));
      if (answer === undefined) outcomes.unread++;
      else if (dissenters.length === 0) outcomes.right++;
      else if (dissenters.every(isExcepted)) outcomes.excepted++;
      else wrong.push(`${hostname}: ${answer}, but ${JSON.stringify(services)}`);
    }
    const counts = `${String(outcomes.right)} right, ${String(outcomes.unread)} not read, ${String(outcomes.excepted)} excepted`;
    process.stderr.write(`botocore ${resolved?.version ?? ''}: ${counts}, ${String(wrong.length)} wrong.\n`);
    expect(wrong).toEqual([]);
    expect(outcomes.right).toBeGreaterThan(40_000);
  });

  it('without a region are read as those of SigV4a, where botocore prefers it', () => {
    const preferring = Object.entries(resolved?.hostnames ?? {}).filter(([hostname, services]) =>
      Object.values(services)
        .flat()
        .some((ways) => prefersSigV4a(hostname, ways)),
    );
    expect(preferring.map(([hostname]) => hostname)).toContain('abc123.456def.endpoint.events.amazonaws.com');
    const answers = preferring.map(([hostname]) => read(hostname));
    expect(answers.filter((answer) => !answer?.startsWith('sigv4a '))).toEqual([]);
  });
});

function read(hostname: string): string | undefined {
  const scope = parseAwsHostname(hostname);
  return scope && `${scope.algorithm ?? 'sigv4'} ${scope.service} ${scope.region}`;
}

function isAnswered(hostname: string, ways: readonly Way[], answer: string | undefined): boolean {
  const allowed = prefersSigV4a(hostname, ways) ? ways.slice(0, 1) : ways;
  return allowed.some((way) => way.join(' ') === answer);
}

/** Hostnames of Outposts prefer SigV4a as well, but say the region that SigV4 is for. */
function prefersSigV4a(hostname: string, ways: readonly Way[]): boolean {
  const saysRegion = ways.some(([algorithm, , region]) => algorithm === 'sigv4' && hostname.includes(`.${region}.`));
  return ways[0]?.[0] === 'sigv4a' && !saysRegion;
}

/** What the Python program writes; `undefined` where there is no botocore. */
function resolveHostnames(): Resolved | undefined {
  const script = join(__dirname, 'hostnames', 'botocore-hostnames.py');
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-I', script, ...(folder ? [folder] : [])], {
    encoding: 'utf8',
    env: bareEnvironment,
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return JSON.parse(stdout) as Resolved;
  if (status === null || stderr.includes("No module named 'botocore'")) return undefined;
  throw new Error(stderr);
}
