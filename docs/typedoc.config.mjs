/** typedoc's configuration (https://typedoc.org/documents/Options.html): a page of Markdown for each export. */
import { fileURLToPath } from 'node:url';
import builds from '../rollup.config.js';

// The entries of the package are those of which nothing else is built with them: their types.
const { input: entries } = builds.find(
  ({ input }) => Object.hasOwn(input, 'index') && !Object.hasOwn(input, 'platform.node'),
);

/** typedoc asks for a default export. */
export default {
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: Object.values(entries).map((path) => fileURLToPath(new URL(`../${path}`, import.meta.url))),
  tsconfig: 'tsconfig.json',
  // `npm run types` checks them.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  out: 'reference',
  readme: 'none',
  entryFileName: 'index',
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  sort: ['source-order'],
  groupOrder: ['Functions', 'Classes', 'Interfaces', 'Variables', '*'],
  blockTags: ['@alias', '@default', '@deprecated', '@example', '@module', '@param', '@returns', '@see', '@throws'],
  // It is for knip.
  excludeTags: ['@alias'],
  // A default is prose here, and an example is code.
  jsDocCompatibility: { exampleTag: true, defaultTag: false },
  // Links in comments must lead somewhere; what is not exported needs no page.
  validation: { invalidLink: true, notExported: false },
};
