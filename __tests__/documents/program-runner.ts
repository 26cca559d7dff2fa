/** Runs the code of a page as its reader would, with credentials, and with stand-ins for what it sends to and prints to. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { formatWithOptions } from 'node:util';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import ts from 'typescript';
import { verifySignature } from 'strict-sigv4-verifier';
import { readEntries } from './code-blocks.js';

const environment = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const;

/** The code of each package that a block which is run may import, by name. */
function requireForBlock(name: string): unknown {
  const entry = readEntries()[name];
  return jest.requireActual<object>(entry === undefined ? name : `../../${entry.replace(/\.ts$/, '.js')}`);
}

async function runProgram(program: string): Promise<void> {
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exported: { run?: () => Promise<void> } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the page's own code
  new Function('require', 'exports', outputText)(requireForBlock, exported);
  await exported.run?.();
}

/** Says of a request that is sent what the verifier says; one without a signature is `unsigned`. */
async function verify(config: InternalAxiosRequestConfig): Promise<string> {
  const { host, pathname, search } = new URL(axios.getUri(config));
  const authorization = config.headers.get('Authorization');
  if (authorization == null) return 'unsigned';
  const headers = Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)] as const);
  const [, region = '', service = ''] = /\/\d{8}\/([^/]+)\/([^/]+)\//.exec(String(authorization)) ?? [];
  const body: unknown = config.data;
  const verdict = verifySignature(
    {
      method: (config.method ?? '').toUpperCase(),
      target: pathname + search,
      headers: [...headers, ['Host', host]],
      body: body instanceof Readable ? await buffer(body) : Buffer.from((body as string | undefined) ?? ''),
      scheme: 'https',
    },
    {
      secretFor: () => ({ secretAccessKey: environment.AWS_SECRET_ACCESS_KEY }),
      region,
      service,
      now: new Date(),
      pathEncoding: service === 's3' ? 'single' : 'double',
      normalizePath: service !== 's3',
      requireContentSha256: true,
      allowChunkedPayload: true,
    },
  );
  return verdict.ok ? `accepted for ${service} in ${region}` : verdict.code;
}

export interface Run {
  /** Each request's URL, and what the verifier says of it. */
  readonly sent: readonly string[];
  /** What each call of console.log and console.error would print. */
  readonly printed: readonly string[];
}

/** Runs a page's blocks; what they send by axios is judged and answered here. */
export async function run(program: string): Promise<Run> {
  const sent: string[] = [];
  const printed: string[] = [];
  const before = { ...process.env };
  const { adapter } = axios.defaults;
  Object.assign(process.env, environment);
  axios.defaults.adapter = async (config) => {
    sent.push(`${config.url ?? ''}: ${await verify(config)}`);
    return { data: {}, status: 200, statusText: 'OK', headers: {}, config };
  };
  const print = (...args: readonly unknown[]): void => {
    printed.push(formatWithOptions({ breakLength: Infinity }, ...args));
  };
  jest.spyOn(console, 'log').mockImplementation(print);
  jest.spyOn(console, 'error').mockImplementation(print);
  try {
    await runProgram(program);
  } finally {
    jest.restoreAllMocks();
    axios.defaults.adapter = adapter as NonNullable<typeof adapter>;
    axios.interceptors.request.clear();
    process.env = before;
  }
  return { sent, printed };
}
