/** A row of docs/compatibility.md for the AWS SDK's credential providers. */
import { readFileSync } from 'node:fs';
import { recordCompatibility } from '../../compatibility.js';

export function recordSdk(shown: string): void {
  const file = require.resolve('@aws-sdk/credential-providers/package.json');
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  recordCompatibility({ section: 'neighbours', name, version, shown });
}
