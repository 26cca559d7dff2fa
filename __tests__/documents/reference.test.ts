/** The reference, and the comments in lib that it is written from: each export and each option has what a reader looks for. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import ts from 'typescript';
import { readEntries, root } from './code-blocks.js';

const entries = Object.entries(readEntries()).map(([name, source]) => ({ name, path: join(root, source) }));
it('is written from the entries of the package, and from nothing else', () => {
  const print =
    "import('./docs/typedoc.config.mjs').then((module) => console.log(JSON.stringify(module.default.entryPoints)))";
  const printed = execFileSync(process.execPath, ['--eval', print], { cwd: root, encoding: 'utf8' });
  const entryPoints = JSON.parse(printed) as readonly string[];
  expect(entryPoints.toSorted()).toStrictEqual(entries.map(({ path }) => path).toSorted());
});

const program = ts.createProgram(
  entries.map(({ path }) => path),
  { target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext },
);
const checker = program.getTypeChecker();

interface Documented {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

const listExports = (path: string): readonly ts.Symbol[] => {
  const source = program.getSourceFile(path);
  const module = source && checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module).map(toOrigin);
};
const toOrigin = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const exported: readonly Documented[] = entries.flatMap(({ name, path }) =>
  listExports(path).map((symbol) => ({ name: `${name}: ${symbol.getName()}`, symbol })),
);

const toProse = ({ symbol }: Documented): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
const toTag = ({ symbol }: Documented, tag: string): string | undefined => {
  const found = symbol.getJsDocTags().find(({ name }) => name === tag);
  return found && ts.displayPartsToString(found.text).trim();
};
/** The tags `alias` and `deprecated` are for what is another export by another name. */
const isAlias = (documented: Documented): boolean => toTag(documented, 'alias') !== undefined;
const hasMembers = ({ symbol }: Documented): boolean =>
  (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) !== 0;
/** Not inherited from another package or the language: `message`, `stack`. */
const isOwn = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some(
    (declaration) =>
      declaration.getSourceFile().fileName.startsWith(join(root, 'lib')) &&
      !(ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Override)),
  );
const isFunction = ({ symbol }: Documented): boolean =>
  (symbol.flags & ts.SymbolFlags.Function) !== 0 ||
  checker.getSignaturesOfType(checker.getTypeOfSymbol(symbol), ts.SignatureKind.Call).length > 0;
const isMethod = ({ symbol }: Documented): boolean => (symbol.flags & ts.SymbolFlags.Method) !== 0;
const isOptional = ({ symbol }: Documented): boolean => (symbol.flags & ts.SymbolFlags.Optional) !== 0;

const missing = (documented: readonly Documented[], isThere: (each: Documented) => boolean): readonly string[] => [
  ...new Set(documented.filter((each) => !isThere(each)).map(({ name }) => name)),
];

const members: readonly Documented[] = exported.filter(hasMembers).flatMap(({ name, symbol }) =>
  checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter((member) => isOwn(member) && !member.getName().startsWith('#'))
    .map((member) => ({ name: `${name}.${member.getName()}`, symbol: member })),
);
const options = members.filter(({ name }) => name.includes(': Aws4Options.'));

it('has entries whose exports are found', () => {
  expect(exported.length).toBeGreaterThan(70);
  expect(options.length).toBeGreaterThan(20);
});

it('says of every export what it is', () => {
  expect(missing(exported, (each) => toProse(each).length > 20)).toStrictEqual([]);
});

it('shows an example of every export', () => {
  const shown = exported.filter((each) => !isAlias(each));
  expect(missing(shown, (each) => Boolean(toTag(each, 'example')))).toStrictEqual([]);
});

it('says of every member of an interface or class what it is', () => {
  expect(missing(members, (each) => toProse(each).length > 10)).toStrictEqual([]);
});

it('says of everything optional what it is by default', () => {
  expect(missing(members.filter(isOptional), (each) => Boolean(toTag(each, 'default')))).toStrictEqual([]);
});

it('shows an example of every option', () => {
  expect(missing(options, (each) => Boolean(toTag(each, 'example')))).toStrictEqual([]);
});

it('has examples that are TypeScript', () => {
  const examples = [...exported, ...members].filter((each) => toTag(each, 'example') !== undefined);
  expect(missing(examples, (each) => isTypeScript(toTag(each, 'example') ?? ''))).toStrictEqual([]);
});

/** Whether it is statements, or one expression. */
function isTypeScript(code: string): boolean {
  return [code, `(${code});`].some((text) => {
    const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
    return diagnostics.length === 0;
  });
}

it('says of every function what it throws, or that it never does', () => {
  const functions = exported.filter((each) => isFunction(each) && !isAlias(each));
  expect(functions.length).toBeGreaterThan(12);
  const isSaid = (each: Documented): boolean =>
    toTag(each, 'throws') !== undefined || /\bthrows\b/.test(`${toProse(each)} ${toTag(each, 'returns') ?? ''}`);
  expect(missing(functions, isSaid)).toStrictEqual([]);
});

it('says of every parameter of a function, method or constructor what it is', () => {
  const callable = [...exported.filter(isFunction), ...members.filter(isMethod)].flatMap(({ name, symbol }) =>
    checker
      .getSignaturesOfType(checker.getNonNullableType(checker.getTypeOfSymbol(symbol)), ts.SignatureKind.Call)
      .map((signature) => ({ name, signature })),
  );
  const constructible = exported
    .filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Class && !symbol.getName().endsWith('Error'))
    .flatMap(({ name, symbol }) =>
      checker
        .getSignaturesOfType(checker.getTypeOfSymbol(symbol), ts.SignatureKind.Construct)
        .map((signature) => ({ name, signature })),
    );
  const parameters = [...callable, ...constructible].flatMap(({ name, signature }) =>
    signature.parameters.map((parameter) => ({ name: `${name}(${parameter.getName()})`, symbol: parameter })),
  );
  expect(constructible.length).toBeGreaterThan(0);
  expect(parameters.length).toBeGreaterThan(20);
  expect(missing(parameters, (each) => toProse(each) !== '')).toStrictEqual([]);
});

it.each(entries)('has the name of $name in the comment of its file', ({ name, path }) => {
  const opening = program.getSourceFile(path)?.getFullText().slice(0, 2000) ?? '';
  expect(/^ \* @module (.+)$/m.exec(opening)?.[1]).toBe(name);
});
