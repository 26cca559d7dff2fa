/** A checklist: runs steps, prints a line for each with a tick or a cross, and counts them; 80 columns wide. */
import { styleText } from 'node:util';
import { describeError } from './s3.mjs';

const paint = process.stdout.isTTY ? styleText : (style, text) => text;
const WHAT_WIDTH = 9;
const SUBJECT_WIDTH = 36;

export function createChecklist() {
  let passed = 0;
  let failed = 0;

  /** Prints what is no step. */
  const note = (text) => console.log(paint('dim', text));

  /** Begins a chapter. */
  const begin = (title) => console.log(`\n${paint('bold', title)}`);

  const fail = (step, reason) => {
    failed += 1;
    console.log(`${paint('red', '✗')} ${step}  ${paint('red', reason)}`);
  };

  /**
   * Runs a step, and resolves to what it resolves to. A step that throws has failed; the list goes on, and gets
   * undefined. Where a step resolves to a string, its line ends with it.
   */
  const check = async (what, subject, run) => {
    const step = `${what.padEnd(WHAT_WIDTH)} ${abridge(subject)}`;
    try {
      const outcome = await run();
      passed += 1;
      const line = typeof outcome === 'string' ? `${step.padEnd(WHAT_WIDTH + 1 + SUBJECT_WIDTH)} ${outcome}` : step;
      console.log(`${paint('green', '✓')} ${line}`);
      return outcome;
    } catch (error) {
      fail(step, describeError(error));
      return undefined;
    }
  };

  /** Prints the sum, alone on its line, and sets the exit status of the process. */
  const finish = () => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  };

  return { begin, check, note, fail, finish };
}

function abridge(text) {
  return text.length <= SUBJECT_WIDTH ? text : `${text.slice(0, 10)}… (${text.length} characters)`;
}
