/** The lines of an explanation, each with its mark, and within two that belong together the parts that differ. */
import { diffArrays } from 'diff';
import type { RefusalExplanation } from '../../lib/sending/explanation.js';

/** A part of a line; what `differs` is not on the other side. */
export interface LinePart {
  readonly text: string;
  readonly differs: boolean;
}

/** A line: signed (`-`), seen by the server (`+`), or both. */
export interface MarkedLine {
  readonly mark: '-' | '+' | ' ';
  readonly parts: readonly LinePart[];
}

/** The diff of an explanation, without its sentence and its heading. */
export function markLines(explanation: RefusalExplanation): readonly MarkedLine[] {
  // The text is what `toString` is documented to give: the sentence, an empty line, a heading, and a line each.
  const [, , ...text] = explanation.toString().split('\n');
  const lines = text.slice(explanation.differences.length === 0 ? 1 : 2).map(splitMark);
  return lines.map((line, i) => {
    const other = line.mark === '-' ? lines[i + 1] : line.mark === '+' ? lines[i - 1] : undefined;
    const isPair = other !== undefined && other.mark !== ' ' && other.mark !== line.mark;
    return { mark: line.mark, parts: isPair ? compare(line, other.text) : [{ text: line.text, differs: false }] };
  });
}

interface Line {
  readonly mark: MarkedLine['mark'];
  readonly text: string;
}

function splitMark(line: string): Line {
  const mark = line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ';
  return { mark, text: line.slice(2) };
}

/** What of a line is not in the other one, by words, numbers and the signs between them. */
function compare({ mark, text }: Line, other: string): readonly LinePart[] {
  const [signed, seen] = mark === '-' ? [text, other] : [other, text];
  return diffArrays(splitWords(signed), splitWords(seen))
    .filter(({ added, removed }) => (mark === '-' ? !added : !removed))
    .map(({ added, removed, value }) => ({ text: value.join(''), differs: added || removed }));
}

/** `%2F` is one sign, and a hash one word: of two hashes every character or so is the same, which says nothing. */
function splitWords(text: string): string[] {
  return text.match(/%[\dA-F]{2}|[\p{L}\p{N}]+|[^]/giu) ?? [];
}
