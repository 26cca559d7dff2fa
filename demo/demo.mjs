/** Shows axios-aws4auth at work, as a story: four lines of code, and what they do before servers that verify. */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { createClients, runExplanationSteps, runHealingSteps, runRedirectSteps, secretFor } from './api-steps.mjs';
import { createChecklist } from './checklist.mjs';
import { runObjectSteps } from './object-steps.mjs';
import { createFolder, openApi, openStore } from './sandbox.mjs';
import { describeError } from './s3.mjs';

const list = createChecklist();
// The demo stays on loopback, whatever proxy the environment names to axios or to Node's global agent.
const DEFAULTS = { timeout: 10_000, proxy: false, httpAgent: new Agent({ keepAlive: true }) };

function showCode() {
  const [, ...lines] = readFileSync(new URL('s3-client.mjs', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  list.begin('This is all that it takes:');
  console.log(['', ...lines.map((line) => `    ${line}`.trimEnd())].join('\n'));
}

async function tellOfObjects(folder) {
  const { sessionToken, close } = await openStore(folder);
  try {
    const { s3 } = await import('./s3-client.mjs');
    Object.assign(s3.defaults, DEFAULTS);
    list.begin('What is signed is what is sent: these lines, and s3rver, an S3 server');
    list.note('Credentials: a profile, found as the AWS CLI finds it. Keys stand in the URL raw');
    list.note('and encoded, but for those that raw would be another URL.');
    await runObjectSteps(list, s3, sessionToken);
  } finally {
    await close();
  }
}

async function tellOfTheApi(folder) {
  const api = await openApi(folder, secretFor);
  try {
    const createClient = createClients(api.origin, DEFAULTS);
    list.begin('It heals what can be healed: an API that verifies date and token too');
    await runHealingSteps(list, api, createClient);
    list.begin('Signatures go where you meant, and nowhere else');
    await runRedirectSteps(list, api, createClient);
    list.begin('A refusal says why');
    await runExplanationSteps(list, createClient);
  } finally {
    await api.close();
  }
}

try {
  showCode();
  const folder = createFolder();
  await tellOfObjects(folder);
  await tellOfTheApi(folder);
} catch (error) {
  list.fail('the demo broke off', describeError(error));
}
console.log('');
list.finish();
