/** A checklist: runs steps, prints a line for each with a tick or a cross, and counts them. */
import { styleText } from 'node:util';
import { describeError } from './s3.mjs';

const paint = process.stdout.isTTY ? styleText : (style, text) => text;

export function createChecklist() {
  let passed = 0;
  let failed = 0;

  /** Prints a line that is no step. */
  const note = (text) => console.log(paint('dim', text));

  const fail = (step, reason) => {
    failed += 1;
    console.log(`${paint('red', '✗')} ${step}  ${paint('red', reason)}`);
  };

  /**
   * Runs a step, and resolves to what it resolves to. A step that throws has failed; the list goes on, and gets
   * undefined. Where a step resolves to a string, its line ends with it.
   */
  const check = async (what, subject, run) => {
    const step = `${what.padEnd(24)}  ${abridge(subject)}`;
    try {
      const outcome = await run();
      passed += 1;
      console.log(`${paint('green', '✓')} ${typeof outcome === 'string' ? `${step.padEnd(66)}  ${outcome}` : step}`);
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

  return { check, note, fail, finish };
}

function abridge(text) {
  return text.length <= 40 ? text : `${text.slice(0, 18)}… (${text.length} characters)`;
}
