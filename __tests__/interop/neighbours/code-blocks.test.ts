/** The code of docs/ that uses packages which only this folder has: it compiles with their types. */
import { compile, createModules, listPackages, listPages, readPage } from '../../documents/code-blocks.js';

it('compiles', () => {
  const packages = listPackages('__tests__/interop/neighbours');
  const modules = listPages().map(readPage).flatMap(createModules);
  const using = modules.filter(({ text }) => packages.some((name) => text.includes(`'${name}`)));
  expect(using.length).toBeGreaterThan(1);
  expect(compile(using, __dirname, [])).toStrictEqual([]);
});
