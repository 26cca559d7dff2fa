/** VitePress's configuration: https://vitepress.dev/reference/site-config. The site asks no host but its own for anything. */
import { defineConfig } from 'vitepress';
import { listPages, listReference } from './sidebar.mjs';

const group = (text, items) => (items.length > 0 ? [{ text, items }] : []);

export default defineConfig({
  title: 'axios-aws4auth',
  description: 'An axios request interceptor that signs requests with AWS Signature Version 4.',
  lang: 'en',
  // Where the site stands below a host's root, as project pages do: `DOCS_BASE=/axios-aws4auth/ npm run docs:build`.
  base: process.env.DOCS_BASE ?? '/',
  rewrites: { 'decisions/README.md': 'decisions/index.md' },
  // The debugger is no page of VitePress, but a page of its own in public/.
  ignoreDeadLinks: [/^\/debugger\//],
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/start' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
      { text: 'Signature debugger', link: '/debugger/', target: '_self' },
    ],
    // The pages of each folder, by the `order` of their front matter and then by title: no list is kept by hand.
    sidebar: [
      ...group('Start', listPages('.', ['start.md', 'options.md', 'errors.md', 'limits.md'])),
      ...group('Guides', listPages('guides')),
      ...group('Coming from', listPages('coming-from')),
      ...group('In depth', listPages('in-depth')),
      ...group('Reference', listReference('reference')),
      ...group('How it is built', [
        ...listPages('.', ['architecture.md', 'compatibility.md']),
        { text: 'Decisions', collapsed: true, items: listPages('decisions') },
      ]),
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
