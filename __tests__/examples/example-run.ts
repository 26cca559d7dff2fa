/** The programs of examples/, run as their READMEs say, against servers on this machine. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '../stand-ins/browser-process.js';
import { credentials, temporary } from '../stand-ins/test-server.js';

export const examples = join(__dirname, '../../examples');

/** The environment of whoever runs an example: nothing of jest's, of a proxy, or of an account. */
const ownEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:AWS_|NODE_|JEST_|CI$)|_proxy$/i.test(name)),
);
const isolation = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' };

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Credentials as the AWS CLI takes them from the environment. */
export const toEnvironment = ({ accessKeyId, secretAccessKey, sessionToken }: Keys): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
});

type Environment = Readonly<Record<string, string>>;

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the folder of the examples to its end. What it prints bears no secret. */
export async function runProgram(program: string, args: readonly string[], env: Environment): Promise<Run> {
  const run = await new Promise<Run>((resolve) => {
    const options = { cwd: examples, env: { ...ownEnvironment, ...isolation, ...env } };
    const child = execFile(program, args, options, (_, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });
  expectNoSecrets(run, env);
  return run;
}

/** The same for the script of an example; what it prints, where it ends well. */
export async function runExample(script: string, env: Environment, args: readonly string[] = []): Promise<string> {
  const { status, stdout, stderr } = await runProgram(process.execPath, [script, ...args], env);
  if (status !== 0) throw new Error(`${script} ended with ${String(status)}:\n${stdout}${stderr}`);
  return stdout;
}

/** The command of a package that is installed beside the examples. */
export const commandOf = (name: string): string => join(examples, 'node_modules/.bin', name);

function expectNoSecrets({ stdout, stderr }: Run, env: Environment): void {
  const known = [credentials, temporary].flatMap((set) => Object.entries(set));
  const secrets = [...known, ...Object.entries(env)]
    .filter(([name]) => /secret|token/i.test(name))
    .map(([, value]) => value);
  expect(secrets.filter((secret) => `${stdout}${stderr}`.includes(secret))).toStrictEqual([]);
}

/** Runs a program that serves until it is told to end, once it has printed where. */
export async function withProgram(
  args: readonly string[],
  env: Environment,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const program = spawn(process.execPath, args, {
    cwd: examples,
    env: { ...ownEnvironment, ...isolation, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(program, 'exit');
  let printed = '';
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += chunk.toString();
        const [found] = /http:\/\/localhost:\d+\//.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      };
      program.stdout.on('data', read);
      program.stderr.on('data', read);
      program.once('exit', () => {
        reject(new Error(`It ended:\n${printed}`));
      });
    });
    await test(url);
  } finally {
    program.kill();
    await exit;
  }
  expectNoSecrets({ status: 0, stdout: printed, stderr: '' }, env);
}

/** `it` where Chromium is there. Elsewhere the run says so; with `CI=true` the tests run all the same, and fail. */
export function itInChromium(): jest.It {
  if (existsSync(chromium) || process.env['CI'] === 'true') return it;
  process.stderr.write(`There is no ${chromium}: what needs it is not run.\n`);
  return it.skip;
}

/** What a driver of `drivers/` found on a page in Chromium. */
export async function openInChromium(driver: string, args: readonly string[]): Promise<unknown> {
  const script = join(__dirname, 'drivers', driver);
  return JSON.parse(await runExample(script, {}, [join(examples, 'package.json'), chromium, ...args])) as unknown;
}
