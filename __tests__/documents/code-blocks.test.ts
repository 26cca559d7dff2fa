/** README.md and docs/: each block of TypeScript and JavaScript compiles against the package, and what is to be run runs. */
import * as codeBlocks from './code-blocks.js';
import { run } from './program-runner.js';

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

const runnable = pages.filter(({ blocks }) => blocks.some(codeBlocks.isRun));

it.each(runnable)('$path has code that runs, signs well, and prints what it says', async (page) => {
  const { sent, printed } = await run(codeBlocks.createProgram(page));
  expect(sent.filter((each) => !/: (?:unsigned|accepted for .*)$/.test(each))).toStrictEqual([]);
  const code = page.blocks.filter(codeBlocks.isRun).map((block) => block.code);
  const promised = [...code.join('').matchAll(/\/\/ prints (.*)$/gm)].map(([, text = '']) => text);
  expect(printed.filter((text) => promised.includes(text))).toStrictEqual(promised);
});
