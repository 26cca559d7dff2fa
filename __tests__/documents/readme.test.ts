/** The README: what stands where, and what its code sends. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram, readPage, root } from './code-blocks.js';
import { run } from './program-runner.js';

const lines = readFileSync(join(root, 'README.md'), 'utf8').trimEnd().split('\n');
const firstScreen = lines.slice(0, 35).join('\n');

it('is short enough to be read', () => {
  expect(lines.length).toBeLessThanOrEqual(165);
});

it('shows on the first screen how it is installed, used, seen and tested', () => {
  expect(firstScreen).toContain('npm install axios-aws4auth axios');
  expect(firstScreen).toContain("axios.create({ baseURL: 'https://");
  expect(firstScreen).toContain('.interceptors.request.use(aws4Interceptor(');
  expect(firstScreen).toContain('npm ci && npm run demo');
  expect(firstScreen).toContain('npm ci && npm test');
});

it('has code that sends what it says', async () => {
  const { sent } = await run(createProgram(readPage('README.md')));
  expect(sent).toStrictEqual([
    '/items: accepted for execute-api in eu-west-1',
    'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/items: accepted for execute-api in eu-west-1',
    'https://example.com/: unsigned',
    '/orders: accepted for execute-api in eu-west-1',
    '/health: unsigned',
    '/hello.txt: accepted for s3 in eu-west-1',
    '/README.md: accepted for s3 in eu-west-1',
    '/_bulk: accepted for es in eu-west-1',
    '/items: accepted for execute-api in eu-west-1',
  ]);
});

it('links relatively, and only to what is in the package too', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly files: readonly string[];
  };
  const links = [...lines.join('\n').matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  const own = links.filter((link) => !link.startsWith('https://'));
  const toPath = (link: string): string => link.replace(/#.*/, '');
  const isPacked = (path: string): boolean =>
    files.some((file) => new RegExp(`^${file.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(?:/|$)`).test(path));
  expect(own.length).toBeGreaterThan(8);
  expect(own.filter((link) => !isPacked(toPath(link)) || !existsSync(join(root, toPath(link))))).toStrictEqual([]);
});
