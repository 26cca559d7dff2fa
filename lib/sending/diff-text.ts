/** An explanation as text: its sentence, and the canonical request with what differs as a diff, coloured on a terminal. */
import { platform } from '#platform';
import type { CanonicalLines, LineDifference, LineKind } from './differences.js';
import type { ShowSide } from './shown-lines.js';

/** A line of the diff, with its mark. */
type DiffLine = readonly [mark: '-' | '+' | ' ', text: string];

/**
 * Makes an explanation's `toString`. What it holds is free of secrets already; only the colours are chosen when it is
 * called.
 */
export function formatExplanation(
  summary: string,
  ours: CanonicalLines,
  differences: readonly LineDifference[],
  show: ShowSide,
): () => string {
  const lines = differences.length === 0 ? listSigned(ours, show) : listDiff(ours, differences, show);
  const heading: readonly DiffLine[] =
    differences.length === 0
      ? [[' ', 'Signed:']]
      : [
          ['-', 'signed'],
          ['+', 'seen by the server'],
        ];
  return () => {
    const paint = platform.hasColors() ? colour : formatLine;
    return [summary, '', ...heading.map(paint), ...lines.map(paint)].join('\n');
  };
}

const COLOURS = { '-': '\x1b[31m', '+': '\x1b[32m', ' ': '' } as const;

function formatLine([mark, text]: DiffLine): string {
  return `${mark} ${text}`.trimEnd();
}

function colour(line: DiffLine): string {
  const code = COLOURS[line[0]];
  return code === '' ? formatLine(line) : `${code}${formatLine(line)}\x1b[39m`;
}

interface SignedLine {
  readonly kind: LineKind;
  readonly name: string;
  readonly text: string;
}

/** The lines of a canonical request; the parameters of its query one by one, where some of them differ. */
function listLines(ours: CanonicalLines, splitsQuery: boolean): SignedLine[] {
  const line = (kind: LineKind, text = '', name = ''): SignedLine => ({ kind, name, text });
  const { method, path, query = '', headers, signedHeaders, payloadHash } = ours;
  const pairs = splitsQuery && query !== '' ? query.split('&') : [query];
  return [
    line('method', method),
    line('path', path),
    ...pairs.map((pair) => line('query', pair)),
    ...Array.from(headers, ([name, value]) => line('header', value, name)),
    line('header'),
    line('signed headers', signedHeaders),
    line('payload hash', payloadHash),
  ];
}

function format({ kind, name, text }: SignedLine, show: ShowSide): string {
  return kind === 'header' && name === '' ? '' : (show({ kind, name }, text) ?? '');
}

function listSigned(ours: CanonicalLines, show: ShowSide): DiffLine[] {
  return listLines(ours, false).map((line) => [' ', format(line, show)]);
}

/** What was signed, with each difference where its line is; what the server saw besides stands behind those of its kind. */
function listDiff(ours: CanonicalLines, differences: readonly LineDifference[], show: ShowSide): DiffLine[] {
  const left = new Set(differences);
  const take = (isIt: (difference: LineDifference) => boolean): DiffLine[] => {
    const found = [...left].filter(isIt);
    for (const each of found) left.delete(each);
    return found.flatMap((each) => showDifference(each, show));
  };
  const splitsQuery = differences.some(({ kind, name }) => kind === 'query' && name !== '');
  const lines = listLines(ours, splitsQuery);
  const diff = lines.flatMap((line, i): DiffLine[] => {
    const isBlank = line.kind === 'header' && line.name === '';
    const own = isBlank ? [] : take((difference) => isOfLine(difference, line));
    const besides =
      lines[i + 1]?.kind === line.kind ? [] : take(({ kind, ours: our }) => kind === line.kind && our === undefined);
    const shown: DiffLine[] = own.length > 0 ? own : [[' ', format(line, show)]];
    return isBlank ? [...besides, ...shown] : [...shown, ...besides];
  });
  return [...diff, ...take(() => true)];
}

function isOfLine({ kind, name, ours }: LineDifference, line: SignedLine): boolean {
  if (kind !== line.kind || ours === undefined) return false;
  return kind === 'header' ? name === line.name : ours === line.text;
}

function showDifference(difference: LineDifference, show: ShowSide): DiffLine[] {
  const [ours, theirs] = [show(difference, difference.ours), show(difference, difference.theirs)];
  const isRedacted = ours !== undefined && ours === theirs;
  const lines: DiffLine[] = [];
  if (ours !== undefined) lines.push(['-', ours]);
  if (theirs !== undefined) lines.push(['+', isRedacted ? `${theirs} (another)` : theirs]);
  return lines;
}
