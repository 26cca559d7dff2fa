/** Real servers for the live tests: the scripts of scripts/servers install and run them, and they go with the tests. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Credentials } from '../../lib/index.js';
import { recordCompatibility } from '../compatibility.js';

export interface LiveServer {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly version: string;
  /** What it has answered so far. */
  readonly tally: { accepted: number; refused: number };
}

interface LiveTests {
  /** The script that runs the server. */
  readonly script: 'rgw' | 'swift' | 'swift-streaming';
  readonly name: string;
  /** What its tests show, for the list of what the package works with. */
  readonly shown: string;
  /** Registers the tests; the server is there once they run. */
  readonly tests: (server: () => LiveServer) => void;
}

const INSTALL_LIMIT_MS = 600_000;

/**
 * Describes tests against a server, which runs for as long as they do. Where it cannot be had, they are skipped and a
 * line says so; on CI that is a failure.
 */
export function describeServer({ script, name, shown, tests }: LiveTests): void {
  let started: Started | undefined;
  const find = (): LiveServer => {
    if (started === undefined) throw new Error(`${name} did not start`);
    return started.server;
  };
  const lacking = install(script);
  if (lacking !== undefined) {
    if (process.env['CI'] === 'true') throw new Error(`${name} cannot be had: ${lacking}`);
    process.stderr.write(`NOT RUN, so that this run proves less: the tests against ${name} (${lacking}).\n`);
    describe.skip(`${name} (not run: ${lacking})`, () => {
      tests(find);
    });
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      started = await start(script);
    });
    afterAll(async () => {
      if (started !== undefined) await stop(started.shell);
    });
    tests(find);
    it('has answered', () => {
      const { tally, version } = find();
      const { accepted, refused } = tally;
      process.stderr.write(`${name} ${version}: accepted ${String(accepted)} requests, refused ${String(refused)}.\n`);
      expect(accepted).toBeGreaterThan(0);
      recordCompatibility({ section: 'servers', name, version, shown });
    });
  });
}

const pathOf = (script: string): string => join(__dirname, '..', '..', 'scripts', 'servers', `${script}.sh`);

/** Why the server cannot be had on this machine, if it cannot. */
function install(script: string): string | undefined {
  const { status, stderr } = spawnSync('bash', [pathOf(script), 'install'], {
    encoding: 'utf8',
    timeout: INSTALL_LIMIT_MS,
  });
  if (status === 0) return undefined;
  const unavailable = 69;
  if (status === unavailable) return stderr.trimEnd().split('\n').at(-1) ?? '';
  throw new Error(`${script}.sh install failed with ${String(status)}:\n${stderr}`);
}

interface Started {
  readonly shell: ChildProcess;
  readonly server: LiveServer;
}

async function start(script: string): Promise<Started> {
  // The script ends when its stdin does: by stop, or by the end of this process, whatever ends it.
  const shell = spawn('bash', [pathOf(script), 'serve'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints = text(shell.stderr);
  let output = '';
  for await (const chunk of shell.stdout.setEncoding('utf8')) {
    output += String(chunk);
    if (output.endsWith('\n\n')) return { shell, server: readServer(output) };
  }
  throw new Error(`${script}.sh serve failed:\n${await complaints}`);
}

async function stop(shell: ChildProcess): Promise<void> {
  const exit = once(shell, 'exit');
  shell.stdin?.end();
  await exit;
}

function readServer(output: string): LiveServer {
  const value = (name: string): string => {
    const [, found] = new RegExp(`^${name}=(.+)$`, 'm').exec(output) ?? [];
    if (found === undefined) throw new Error(`The server's script did not print ${name}`);
    return found;
  };
  return {
    endpoint: value('ENDPOINT'),
    region: value('REGION'),
    credentials: { accessKeyId: value('ACCESS_KEY'), secretAccessKey: value('SECRET_KEY') },
    version: value('VERSION'),
    tally: { accepted: 0, refused: 0 },
  };
}
