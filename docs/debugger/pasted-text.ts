/** A text as it was before a page, a chat or a log of indented lines had it. */

/** A text without a Markdown fence around it, and without what all of its lines are indented by. */
export function trimPasted(text: string): string {
  const lines = text.replace(/^\uFEFF?\s*```[^\n]*\n([^]*?)\n[ \t]*```\s*$/, '$1').split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const indent = indents.reduce((least, each) => Math.min(least, each), Infinity);
  return indent === 0 || indent === Infinity ? lines.join('\n') : lines.map((line) => line.slice(indent)).join('\n');
}
