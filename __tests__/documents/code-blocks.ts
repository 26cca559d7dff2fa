/**
 * The code of README.md and docs/: which blocks there are, the modules that they make, whether these compile, and how they
 * are run. CONTRIBUTING.md says how blocks are marked.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const root = join(__dirname, '../..');

export interface Block {
  readonly language: string;
  /** The words after the language: `run`, `alone`, `foreign`. */
  readonly marks: readonly string[];
  readonly code: string;
  /** The number of its first line, from 0. */
  readonly line: number;
}

export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly blocks: readonly Block[];
  /** What the page's comments `<!-- given: … -->` declare, which its blocks take for given. */
  readonly given: string;
}

/** A module of TypeScript or JavaScript that has each line where the page has it. */
export interface PageModule {
  readonly page: string;
  readonly name: string;
  readonly text: string;
}

const MARKS: ReadonlySet<string> = new Set(['run', 'alone', 'foreign']);
const CODE: ReadonlySet<string> = new Set(['ts', 'tsx', 'js', 'mjs', 'cjs', 'typescript', 'javascript']);
/** What typedoc and VitePress write, and what npm installs. */
const WRITTEN = /^docs\/(?:node_modules|reference|\.vitepress)\//;

export function listPages(): readonly string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = docs.map((name) => `docs/${name.replaceAll('\\', '/')}`).filter((path) => !WRITTEN.test(path));
  return ['README.md', ...pages.filter((path) => path.endsWith('.md')).sort()];
}

export const readPage = (path: string): Page => parsePage(path, readFileSync(join(root, path), 'utf8'));

export function parsePage(path: string, text: string): Page {
  const fences = text.matchAll(/^( *)```(\w+)(.*)\n([^]*?)^\1```$/gm);
  const blocks = [...fences].map(({ 1: indent = '', 2: language = '', 3: info = '', 4: code = '', index }) => ({
    language,
    // VitePress's own: `[a title]`, `{1,3}`, `:line-numbers`.
    marks: info.replaceAll(/\[.*?\]|\{.*?\}|:[\w-]+(?:=\d+)?/g, '').match(/\S+/g) ?? [],
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    line: text.slice(0, index).split('\n').length,
  }));
  const given = [...text.matchAll(/<!-- given:(.*?)-->/gs)].map(([, declared = '']) => declared).join(' ');
  return { path, blocks, given: given.replaceAll('\n', ' ') };
}

/** The blocks that are wrong in themselves: a word that is no mark, or a syntax error. */
export function listMistakes({ path, blocks }: Page): readonly string[] {
  return blocks.filter(isCode).flatMap((block) => {
    const unknown = block.marks.filter((mark) => !MARKS.has(mark));
    const { diagnostics = [] } = ts.transpileModule(block.code, {
      reportDiagnostics: true,
      fileName: block.language === 'tsx' ? 'block.tsx' : 'block.ts',
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    return [
      ...unknown.map((mark) => `${path}:${String(block.line)}: unknown mark ${mark}`),
      ...diagnostics.map((each) => `${path}:${String(block.line)}: ${toText(each)}`),
    ];
  });
}

/** What of a page is compiled. */
export function createModules(page: Page): readonly PageModule[] {
  const checked = page.blocks.filter((block) => isCode(block) && !block.marks.includes('foreign'));
  const isAlone = ({ language, marks }: Block): boolean => language !== 'ts' || marks.includes('alone');
  const alone = checked.filter(isAlone);
  const joined = checked.filter((block) => !isAlone(block));
  const name = (kind: string): string => `${page.path.replace(/\.md$/, '').replaceAll(/\W/g, '-')}.${kind}`;
  return [
    ...(joined.length > 0 ? [{ page: page.path, name: name('ts'), text: joinBlocks(joined, page.given) }] : []),
    // What is run must stand without what is not.
    ...(joined.some(isRun) ? [{ page: page.path, name: name('run.ts'), text: createProgram(page) }] : []),
    ...alone.map((block) => ({
      page: page.path,
      name: name(`${String(block.line)}.${toExtension(block.language)}`),
      text: `${page.given}${'\n'.repeat(block.line)}${block.code}\nexport {};\n`,
    })),
  ];
}

/** The blocks of a page that are run, as one module. */
export const createProgram = ({ blocks, given }: Page): string => joinBlocks(blocks.filter(isRun), given);

export const isRun = ({ language, marks }: Block): boolean => language === 'ts' && marks.includes('run');
const isCode = ({ language }: Block): boolean => CODE.has(language);
const toExtension = (language: string): string =>
  ({ typescript: 'ts', javascript: 'mjs', js: 'mjs' })[language] ?? language;

/**
 * All in one function, each in the scope of the one before it, so that a page may give a name anew and go on using the
 * others. Each line keeps its number; what is imported stands in the first.
 */
function joinBlocks(blocks: readonly Block[], given: string): string {
  const imports = new Set<string>();
  const lines: string[] = [];
  for (const { code, line } of blocks) {
    while (lines.length < line - 1) lines.push('');
    lines.push(';{', ...separateImports(code, imports).trimEnd().split('\n'));
  }
  const head = `${[...imports].join(' ')} export async function run(): Promise<void> { ${given} `;
  return `${head}${lines.join('\n')}\n${'}'.repeat(blocks.length)}}\n`;
}

/** The code without its imports and `export`s, with as many lines. */
function separateImports(code: string, imports: Set<string>): string {
  const source = ts.createSourceFile('block.ts', code, ts.ScriptTarget.ES2022, true);
  let rest = code;
  const blank = (node: ts.Node): void => {
    const [start, end] = [node.getStart(), node.getEnd()];
    rest = rest.slice(0, start) + rest.slice(start, end).replaceAll(/[^\n]/g, ' ') + rest.slice(end);
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      for (const binding of listBindings(statement)) imports.add(binding);
      blank(statement);
    } else if (ts.canHaveModifiers(statement)) {
      for (const modifier of ts.getModifiers(statement) ?? []) {
        if (modifier.kind === ts.SyntaxKind.ExportKeyword) blank(modifier);
      }
    }
  }
  return rest;
}

/** One import for each name, so that blocks that import the same do not contradict each other. */
function listBindings({ importClause, moduleSpecifier }: ts.ImportDeclaration): readonly string[] {
  const from = moduleSpecifier.getText();
  if (importClause === undefined) return [`import ${from};`];
  const { name, namedBindings } = importClause;
  const type = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type ' : '';
  const whole = name === undefined ? [] : [`import ${type}${name.text} from ${from};`];
  if (namedBindings === undefined) return whole;
  if (ts.isNamespaceImport(namedBindings)) return [...whole, `import ${type}${namedBindings.getText()} from ${from};`];
  const named = namedBindings.elements.map((element) => `import ${type}{ ${element.getText()} } from ${from};`);
  return [...whole, ...named];
}

/**
 * What TypeScript says of the modules, with the settings of tsconfig.json, as if they stood in the folder, whose
 * node_modules they import from. Packages of `untyped` are there without their types.
 */
export function compile(modules: readonly PageModule[], folder: string, untyped: readonly string[]): readonly string[] {
  const files = new Map(modules.map((module) => [join(folder, module.name), module]));
  const ambient = join(folder, 'untyped-packages.d.ts');
  const ambientText = untyped.map((name) => `declare module '${name}'; declare module '${name}/*';`).join('\n');
  const textOf = (path: string): string | undefined => (path === ambient ? ambientText : files.get(path)?.text);
  const options = readCompilerOptions();
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys(), ambient], options, {
    ...host,
    fileExists: (path) => textOf(path) !== undefined || host.fileExists(path),
    readFile: (path) => textOf(path) ?? host.readFile(path),
    getSourceFile: (path, target) => {
      const text = textOf(path);
      return text === undefined ? host.getSourceFile(path, target) : ts.createSourceFile(path, text, target, true);
    },
  });
  return [...files].flatMap(([path, { page, text }]) => {
    const source = program.getSourceFile(path);
    const isUntyped = untyped.some((name) => text.includes(`'${name}`));
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => !(isUntyped && IMPLICIT_ANY.has(code)))
      .map((each) => `${page}:${String(toLine(each))}: ${toText(each)}`);
  });
}

/** A parameter, or a part of one, whose type an untyped package would give. */
const IMPLICIT_ANY: ReadonlySet<number> = new Set([7006, 7031]);

const toText = ({ messageText }: ts.Diagnostic): string => ts.flattenDiagnosticMessageText(messageText, '\n');
const toLine = ({ file, start }: ts.Diagnostic): number =>
  (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1;

function readCompilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    readonly config: { readonly compilerOptions: { readonly paths: Readonly<Record<string, readonly string[]>> } };
  };
  const own = Object.entries(config.compilerOptions.paths);
  const entries = Object.entries(readEntries()).map(([name, source]) => [name, [source]] as const);
  const paths = [...own, ...entries].map(
    ([name, sources]) => [name, sources.map((source) => join(root, source))] as const,
  );
  const compilerOptions = {
    ...config.compilerOptions,
    rootDir: '/',
    jsx: 'react-jsx',
    checkJs: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: Object.fromEntries(paths),
  };
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
  return options;
}

/** The source of each entry of the package, by the name that it is imported by. */
export function readEntries(): Readonly<Record<string, string>> {
  const rollup = readFileSync(join(root, 'rollup.config.js'), 'utf8');
  const entries = /publicEntries = \{(.*?)\}/s.exec(rollup)?.[1] ?? '';
  return Object.fromEntries(
    [...entries.matchAll(/'?([\w-]+)'?: '\.\/(.*?)'/g)].map(([, name = '', source = '']) => [
      name === 'index' ? 'axios-aws4auth' : `axios-aws4auth/${name}`,
      source,
    ]),
  );
}

/** The packages that a folder's package.json names and the root has not. */
export function listPackages(folder: string): readonly string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: object;
  };
  return Object.keys(dependencies).filter((name) => !existsSync(join(root, 'node_modules', name)));
}
