/** What a run has shown to work, one row a line: docs/compatibility.md is written from these, and never by hand. */
import { appendFileSync } from 'node:fs';

export interface CompatibilityRow {
  readonly section: 'servers' | 'signers' | 'runtimes' | 'bundlers' | 'consumers' | 'types' | 'axios' | 'neighbours';
  readonly name: string;
  readonly version: string;
  /** What was sent and accepted, in a few words: `in what way: what`, where the same is shown in several ways. */
  readonly shown: string;
}

/** Adds a row to the file that COMPATIBILITY_FILE names; without it, as on most runs, there is nothing to write. */
export function recordCompatibility(row: CompatibilityRow): void {
  const file = process.env['COMPATIBILITY_FILE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
