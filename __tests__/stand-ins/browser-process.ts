/** Browsers as programs that start others: stopped as a whole, and their profiles removed. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { rm } from 'node:fs/promises';

/** Debian's Chromium. */
export const chromium = '/usr/bin/chromium';

/** Nothing listens there: what a browser wants of the world beside loopback ends here. */
export const NOWHERE = '127.0.0.1:9';

/** A program in a group of its own, so that what it starts can be stopped with it. */
export function startBrowser(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(program, args, { stdio: 'ignore', detached: true, ...options });
}

/** Opens a page in Chromium, with a profile in a folder of its own. */
export function startChromium(url: string, profile: string): ChildProcess {
  const args = ['--headless', '--no-sandbox', '--no-first-run', '--disable-gpu', '--disable-background-networking'];
  return startBrowser(chromium, [...args, `--proxy-server=http://${NOWHERE}`, `--user-data-dir=${profile}`, url]);
}

/** Stops programs and what they started, and removes the folder that they wrote to. */
export async function stopBrowser(programs: readonly ChildProcess[], profile: string): Promise<void> {
  for (const { pid } of programs) if (pid !== undefined) killGroup(pid);
  // A process that was told to end can write for a moment yet: a folder that is not empty then is removed once more.
  await rm(profile, { recursive: true, force: true, maxRetries: 30 });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
