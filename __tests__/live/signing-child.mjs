/**
 * Sends a signed request for each line that it reads: a clock's name; prints what came of it, and what Date says. When it
 * has a client, it loads `axios-aws4auth/libfaketime` in the way that the environment's PATCH says.
 */
import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import axios from 'axios';

// The built package, as it names itself. tsc does not follow a name in a variable: to it, dist would be lib once more.
const builtPackage = 'axios-aws4auth';
const { aws4Interceptor, libfaketimeClock, systemClock } = await import(builtPackage);

const clocks = { libfaketime: libfaketimeClock(), system: systemClock };
const client = axios.create({
  baseURL: process.env.ORIGIN,
  proxy: false,
  httpAgent: new Agent({ keepAlive: false }),
  validateStatus: () => true,
});
client.interceptors.request.use(
  aws4Interceptor({
    region: 'eu-west-1',
    service: 'execute-api',
    // Without the clock a request is to be refused, not healed.
    heal: false,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  }),
);

const patch = `${builtPackage}/libfaketime`;
if (process.env.PATCH === 'import') await import(patch);
if (process.env.PATCH === 'require') createRequire(import.meta.url)(patch);

async function send(name) {
  if (name === 'none') return 'nothing sent';
  try {
    const { status, data } = await client.get('/items', name === 'default' ? {} : { aws4: { clock: clocks[name] } });
    return status === 200 ? 'accepted' : /<Code>(.*?)<\/Code>/.exec(data)?.[1];
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
}

for await (const name of createInterface({ input: process.stdin })) {
  const outcome = await send(name);
  const isSystemClock = clocks.libfaketime === systemClock;
  console.log(JSON.stringify({ outcome, isSystemClock, now: Date.now() }));
}
