/** README.md and docs/: each block of TypeScript and JavaScript compiles against the package, and what is to be run runs. */
import * as codeBlocks from './code-blocks.js';
import { run } from './program-runner.js';

const pages = codeBlocks.listPages().map(codeBlocks.readPage);
const neighbours = codeBlocks.listPackages('__tests__/interop/neighbours');

it.each(pages)('$path has blocks that are marked and written well', (page) => {
  expect(codeBlocks.listMistakes(page)).toStrictEqual([]);
});

/** A page with mistakes: what is told of it shows that it would be told of others. */
const wrong = codeBlocks.parsePage(
  'wrong.md',
  `# Wrong

\`\`\`ts
import { aws4Interceptor } from 'axios-aws4auth';
aws4Interceptor({ expiresIn: '300' });
\`\`\`

\`\`\`ts run
aws4Interceptor();
\`\`\`

\`\`\`ts foriegn
aws4Interceptor(;
\`\`\`
`,
);

it('has code that compiles, packages that only the neighbours have left aside', () => {
  const modules = [...pages, wrong].flatMap(codeBlocks.createModules);
  expect(modules.length).toBeGreaterThan(30);
  expect(codeBlocks.compile(modules, codeBlocks.root, neighbours)).toStrictEqual([
    "wrong.md:13: ')' expected.",
    "wrong.md:5: Type 'string' is not assignable to type 'number'.",
    // A block that is run must do without those that are not.
    "wrong.md:9: Cannot find name 'aws4Interceptor'.",
  ]);
});

it('would notice an unknown mark, and a syntax error', () => {
  expect(codeBlocks.listMistakes(wrong)).toStrictEqual([
    'wrong.md:12: unknown mark foriegn',
    "wrong.md:12: ')' expected.",
  ]);
});

const runnable = pages.filter(({ blocks }) => blocks.some(codeBlocks.isRun));

it.each(runnable)('$path has code that runs, signs well, and prints what it says', async (page) => {
  const { sent, printed } = await run(codeBlocks.createProgram(page));
  expect(sent.filter((each) => !/: (?:unsigned|accepted for .*)$/.test(each))).toStrictEqual([]);
  const code = page.blocks.filter(codeBlocks.isRun).map((block) => block.code);
  const promised = [...code.join('').matchAll(/\/\/ prints (.*)$/gm)].map(([, text = '']) => text);
  expect(printed.filter((text) => promised.includes(text))).toStrictEqual(promised);
});
