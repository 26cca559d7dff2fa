/** What a case of the default credentials stands on: a home folder, servers and processes, which all end with it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RawServer, VerifyingServer } from 'strict-sigv4-verifier';
import { createVerifier } from './acceptance.js';
import type { CredentialSet } from './credential-set.js';
import { startSigningProcess, type Environment, type Programs, type SigningProcess } from './processes.js';

/** A server that runs, and where. */
export type Running<Server extends RawServer> = Server & { readonly origin: string };

export interface Stage {
  readonly home: string;
  /** Writes a file of the home folder, and says its path. */
  readonly writeFile: (name: string, lines: readonly string[]) => string;
  readonly start: <Server extends RawServer>(server: Server) => Promise<Running<Server>>;
  readonly startVerifier: (sets: readonly CredentialSet[]) => Promise<Running<VerifyingServer>>;
  readonly startProcess: (programs: Programs, environment: Environment) => SigningProcess;
  readonly end: () => Promise<void>;
}

/** In place of the environment of this process; only the case of instance metadata enables those. */
export const bareEnvironment: Environment = { PATH: process.env['PATH'] ?? '', AWS_EC2_METADATA_DISABLED: 'true' };

export function createStage(): Stage {
  const home = mkdtempSync(join(tmpdir(), 'default-credentials-'));
  const ends: (() => Promise<void>)[] = [];

  async function start<Server extends RawServer>(server: Server): Promise<Running<Server>> {
    const { origin } = await server.start();
    ends.push(server.close);
    return { ...server, origin };
  }

  return {
    home,
    writeFile: (name, lines) => {
      const file = join(home, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, lines.join('\n'));
      return file;
    },
    start,
    startVerifier: (sets) => start(createVerifier(sets)),
    startProcess: (programs, environment) => {
      const started = startSigningProcess(programs, { ...bareEnvironment, HOME: home, ...environment });
      ends.push(started.stop);
      return started;
    },
    end: async () => {
      await Promise.all(ends.map((end) => end()));
      rmSync(home, { recursive: true });
    },
  };
}
