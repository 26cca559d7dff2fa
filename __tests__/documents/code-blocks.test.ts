/** README.md and docs/: each block of TypeScript and JavaScript compiles against the package, and what is to be run runs. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { formatWithOptions } from 'node:util';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import ts from 'typescript';
import { verifySignature } from 'strict-sigv4-verifier';
import * as codeBlocks from './code-blocks.js';

const pages = codeBlocks.listPages().map(codeBlocks.readPage);
const neighbours = codeBlocks.listPackages('__tests__/interop/neighbours');

it.each(pages)('$path has blocks that are marked and written well', (page) => {
  expect(codeBlocks.listMistakes(page)).toStrictEqual([]);
});

it('has code that compiles, packages that only the neighbours have left aside', () => {
  const modules = pages.flatMap(codeBlocks.createModules);
  expect(modules.length).toBeGreaterThan(10);
  expect(codeBlocks.compile(modules, codeBlocks.root, neighbours)).toStrictEqual([]);
});

const environment = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const;

/** The code of each package that a block which is run may import, by name. */
function requireForBlock(name: string): unknown {
  const entry = codeBlocks.readEntries()[name];
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

interface Run {
  readonly sent: readonly string[];
  readonly printed: readonly string[];
}

/** Runs a page's blocks; what they send by axios is judged and answered here. */
async function run(program: string): Promise<Run> {
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

const runnable = pages.filter(({ blocks }) => blocks.some(codeBlocks.isRun));

it.each(runnable)('$path has code that runs, signs well, and prints what it says', async (page) => {
  const { sent, printed } = await run(codeBlocks.createProgram(page));
  expect(sent.filter((each) => !/: (?:unsigned|accepted for .*)$/.test(each))).toStrictEqual([]);
  const code = page.blocks.filter(codeBlocks.isRun).map((block) => block.code);
  const promised = [...code.join('').matchAll(/\/\/ prints (.*)$/gm)].map(([, text = '']) => text);
  expect(printed.filter((text) => promised.includes(text))).toStrictEqual(promised);
});
