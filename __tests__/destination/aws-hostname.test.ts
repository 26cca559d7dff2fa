import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { multiRegion, partitions, signingNames } from '../../lib/destination/aws-hostname-table.js';
import { parseAwsHostname } from '../../lib/destination/aws-hostname.js';

interface Group {
  readonly group: string;
  readonly source: string;
  /** Hostname -> 'service region', with the algorithm where it is not SigV4, or null where it must not tell. */
  readonly hostnames: Readonly<Record<string, string | null>>;
}

const groups = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/aws-hostnames.json'), 'utf8'),
) as readonly Group[];
const hostnames = groups.flatMap((group) => Object.entries(group.hostnames));

const parse = (hostname: string): string | null => {
  const scope = parseAwsHostname(hostname);
  return scope ? [scope.service, scope.region, scope.algorithm].filter(Boolean).join(' ') : null;
};

describe.each(groups)('$group', (group) => {
  it.each(Object.entries(group.hostnames))('%s -> %s', (hostname, expected) => {
    expect(parse(hostname)).toBe(expected);
  });
});

it('has a hostname for every name and suffix', () => {
  const services = new Set(hostnames.map(([, expected]) => expected?.split(' ')[0]));
  const names = [...Object.keys(signingNames), ...Object.keys(multiRegion)];
  expect(names.filter((name) => !services.has(name))).toEqual([]);

  const suffixes = partitions.flatMap(([list]) => list.split(' '));
  expect(suffixes.filter((suffix) => !hostnames.some(([name, to]) => to && name.endsWith(`.${suffix}`)))).toEqual([]);
});

describe('spelling', () => {
  it.each([
    ['upper case', (hostname: string) => hostname.toUpperCase()],
    ['a final dot', (hostname: string) => `${hostname}.`],
    ['a port', (hostname: string) => `${hostname}:443`],
    ['a final dot and a port', (hostname: string) => `${hostname}.:65535`],
  ])('%s changes nothing', (_, respell) => {
    for (const [hostname, expected] of hostnames) expect(parse(respell(hostname))).toBe(expected);
  });

  it.each([
    ['a second final dot', (hostname: string) => `${hostname}..`],
    ['an empty label', (hostname: string) => hostname.replace('.', '..')],
    ['a label that begins with a hyphen', (hostname: string) => `-${hostname}`],
    ['a dot before', (hostname: string) => `.${hostname}`],
    ['a space', (hostname: string) => ` ${hostname}`],
    ['a line break', (hostname: string) => `${hostname}\n`],
    ['a null', (hostname: string) => `${hostname}\0`],
    ['a scheme', (hostname: string) => `https://${hostname}`],
    ['a user', (hostname: string) => `user@${hostname}`],
    ['a path', (hostname: string) => `${hostname}/`],
    ['an empty port', (hostname: string) => `${hostname}:`],
    ['a port that is no number', (hostname: string) => `${hostname}:https`],
    ['a percent escape', (hostname: string) => hostname.replace('.', '%2e')],
    ['a full-width dot', (hostname: string) => hostname.replace('.', '\uff0e')],
  ])('%s makes it no hostname', (_, respell) => {
    for (const [hostname] of hostnames) expect(parse(respell(hostname))).toBeNull();
  });

  it('takes no other letter for one of ASCII', () => {
    const kelvinSign = '\u212a';
    const longS = '\u017f';
    expect(parse(`${kelvinSign}ms.us-east-1.amazonaws.com`)).toBeNull();
    expect(parse(`${longS}qs.us-east-1.amazonaws.com`)).toBeNull();
  });
});

describe('other domains', () => {
  it('does not take one that only begins with a known hostname', () => {
    for (const [hostname] of hostnames) {
      expect(parse(`${hostname}.evil.com`)).toBeNull();
      expect(parse(`${hostname}.example`)).toBeNull();
    }
  });

  it('does not take one that only looks like one at its end', () => {
    const suffixes = partitions.flatMap(([list]) => list.split(' '));
    for (const suffix of suffixes) {
      expect(parse(suffix)).toBeNull();
      for (const [hostname] of hostnames.filter(([name]) => name.endsWith(`.${suffix}`))) {
        const start = hostname.slice(0, -suffix.length - 1);
        expect(parse(`${start}-${suffix}`)).toBeNull();
        expect(parse(`${start}.evil${suffix}`)).toBeNull();
        expect(parse(`${start}${suffix}`)).toBeNull();
      }
    }
  });
});

it('gives the same answer again, which nobody can change, and after thousands of other hostnames', () => {
  const hostname = 'bucket.s3.eu-west-1.amazonaws.com';
  const first = parseAwsHostname(hostname);
  expect(() => Object.assign(first ?? {}, { service: 'other' })).toThrow(TypeError);
  for (let i = 0; i < 1000; i++) {
    expect(parseAwsHostname(`b${String(i)}.s3.eu-west-2.amazonaws.com`)?.region).toBe('eu-west-2');
    expect(parseAwsHostname(`b${String(i)}.example.com`)).toBeUndefined();
  }
  expect(parseAwsHostname(hostname)).toStrictEqual({ service: 's3', region: 'eu-west-1' });
});

describe('any string', () => {
  // Park and Miller: the same strings in every run.
  const createRandom = (seed: number) => (count: number) => (seed = (seed * 48271) % 2147483647) % count;
  const pick = <T>(items: readonly T[], random: (count: number) => number): T =>
    items[random(items.length)] ?? raise(new RangeError('Nothing to pick from'));
  const raise = (error: Error): never => {
    throw error;
  };

  it('gives a service and a region or nothing, and never throws', () => {
    const random = createRandom(1);
    const words = [
      ...new Set(hostnames.flatMap(([hostname]) => hostname.split('.'))),
      ...[
        '',
        '-',
        '$1',
        '__proto__',
        'constructor',
        '\ud800',
        'é',
        ' ',
        '*',
        '(',
        '\\',
        '[::1]',
        '%',
        '-fips',
        'fips-',
      ],
    ];
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(8) }, () => pick(words, random)).join(
        pick(['.', '.', '.', '', '-'], random),
      );
      const scope = parseAwsHostname(text);
      if (scope === undefined) continue;
      expect(scope.service).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
      expect(scope.region).toMatch(scope.algorithm ? /^\*$/ : /^[a-z0-9-]+$/);
      expect(Object.keys(scope)).toEqual(scope.algorithm ? ['service', 'region', 'algorithm'] : ['service', 'region']);
    }
  });

  it('takes names of objects for nothing else', () => {
    expect(parse('constructor.us-east-1.amazonaws.com')).toBe('constructor us-east-1');
    expect(parse('us-east-1.constructor.amazonaws.com')).toBeNull();
    expect(parse('constructor.amazonaws.com')).toBeNull();
    expect(parse('__proto__.us-east-1.amazonaws.com')).toBeNull();
  });

  // An expression that goes back and tries again would take hours for any of these, and no test would end.
  it.each(['a', 'a.', '.', '-fips', 'vpce-', 's3.', 'us-east-1.', 'dualstack.', 'fips.', 'é', 'A', '1', 'r2.'])(
    'reads a megabyte of %j for nothing',
    (piece) => {
      for (const end of ['', '.amazonaws.com', '.us-east-1.amazonaws.com', '.r2.cloudflarestorage.com']) {
        expect(parse(piece.repeat(1_000_000 / piece.length) + end)).toBeNull();
      }
    },
  );

  // An expression that is more than linear in these would outlast the test's limit of time.
  it('reads the longest hostnames', () => {
    for (const piece of ['a.', 'a-fips.', 's3.', 'vpce-a.', 'us-east-1.', 'dualstack.', 'x-omics.', 'aa-']) {
      for (const end of ['amazonaws.com', 'us-east-1.amazonaws.com', 'us-east-1.vpce.amazonaws.com', 'exo.io', 'x']) {
        const hostname = piece.repeat(Math.floor((253 - end.length) / piece.length)) + end;
        for (let round = 0; round < 100; round++) expect(() => parseAwsHostname(hostname)).not.toThrow();
      }
    }
  });
});
