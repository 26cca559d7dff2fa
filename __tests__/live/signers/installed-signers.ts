/** The other signers, as Debian packages them: which are there, in which version, and how they are run. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const signerNames = ['botocore', 'boto3', 'AWS CLI', 'curl'] as const;
export type SignerName = (typeof signerNames)[number];

export const packages: Readonly<Record<SignerName, string>> = {
  botocore: 'python3-botocore',
  boto3: 'python3-boto3',
  'AWS CLI': 'awscli',
  curl: 'curl',
};

/** Each signer's version; `undefined` for one that is not there. */
export function readVersions(): Readonly<Record<SignerName, string | undefined>> {
  return {
    botocore: readVersion('botocore'),
    boto3: readVersion('boto3'),
    'AWS CLI': readVersion('AWS CLI'),
    curl: readVersion('curl'),
  };
}

function readVersion(name: SignerName): string | undefined {
  const format = '--showformat=${db:Status-Status} ${Version}';
  const { stdout, error } = spawnSync('/usr/bin/dpkg-query', ['--show', format, packages[name]], { encoding: 'utf8' });
  return error === undefined ? /^installed (.+)/.exec(stdout)?.[1] : undefined;
}

/** Credentials of the machine, its configuration and its proxies stay out. */
export const bareEnvironment = {
  PATH: '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  AWS_EC2_METADATA_DISABLED: 'true',
};

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
}

/** What a program writes to stdout. @throws where it fails, with what it wrote to stderr */
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env = bareEnvironment, cwd = '/', input = '' } = options;
  const running = promisify(execFile)(program, args, { env, cwd, timeout: 5 * 60_000 });
  running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout;
}

/** Runs a script of this folder by Debian's Python, which finds Debian's packages and no user's. */
export async function runPython(script: string, job: object): Promise<unknown> {
  const output = await runProgram('/usr/bin/python3', ['-I', join(__dirname, script)], { input: JSON.stringify(job) });
  return JSON.parse(output) as unknown;
}
