/** VitePress's configuration: https://vitepress.dev/reference/site-config. The site asks no host but its own for anything. */
import { renderMermaidSVG } from 'beautiful-mermaid';
import { defineConfig } from 'vitepress';
import { listPages, listReference } from './sidebar.mjs';

const group = (text, items) => (items.length > 0 ? [{ text, items }] : []);

// What is not of this site is refused by the browser, whatever is written into a page. VitePress has inline scripts.
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

/** The debugger has the same. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%233451b2'/%3E%3Cpath d='M4 8.5l2.5 2.5L12 5.5' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E";

/** A fence of Mermaid is drawn, in the colours of the theme; all others are VitePress's. */
function drawDiagrams({ renderer }) {
  const { fence } = renderer.rules;
  renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    // Its stylesheet would load a font from another host; theme/style.css has what is needed of it.
    const svg = renderMermaidSVG(content, { bg: 'var(--vp-c-bg)' }).replace(/<style>.*?<\/style>/s, '');
    return `<div class="diagram" tabindex="0" v-pre>${svg}</div>`;
  };
}

/** Links to the debugger leave VitePress's router alone, which knows its own pages only. */
function leaveToDebugger({ renderer }) {
  const { link_open: openLink } = renderer.rules;
  renderer.rules.link_open = (tokens, index, ...rest) => {
    if (/^(?:\.\.?\/)*debugger\/$/.test(tokens[index].attrGet('href'))) tokens[index].attrSet('target', '_self');
    return openLink(tokens, index, ...rest);
  };
}

/** The anchor that GitHub gives to a heading, so that a link leads to it in both. */
function toAnchor(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

/** VitePress asks for a default export. */
export default defineConfig({
  title: 'axios-aws4auth',
  description: 'An axios request interceptor that signs requests with AWS Signature Version 4.',
  lang: 'en',
  // Where the site stands below a host's root, as project pages do: `DOCS_BASE=/axios-aws4auth/ npm run docs:build`.
  base: process.env.DOCS_BASE ?? '/',
  rewrites: { 'decisions/README.md': 'decisions/index.md' },
  markdown: {
    anchor: { slugify: toAnchor },
    config: (md) => {
      drawDiagrams(md);
      leaveToDebugger(md);
    },
  },
  head: [['link', { rel: 'icon', href: ICON }]],
  transformHead: () => [['meta', { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY }]],
  // scripts/check-site.mjs knows whether it is there.
  ignoreDeadLinks: [/debugger\//],
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guides', link: '/guides/credentials', activeMatch: '/guides/' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
      // A page of its own, which `npm run docs:debugger` builds; VitePress only copies it.
      { text: 'Signature debugger', link: '/debugger/', target: '_self' },
    ],
    // The pages of each folder, as they are found: no list is kept by hand.
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
