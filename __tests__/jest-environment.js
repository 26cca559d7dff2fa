/**
 * jest's environment for Node, whose failures can always be written as JSON: an AxiosError bears sockets and agents, and
 * what is circular in one failure would cost `jest --json` the report of the whole run.
 */
import { TestEnvironment } from 'jest-environment-node';

/** jest asks for a default export. */
export default class JsonSafeEnvironment extends TestEnvironment {
  handleTestEvent({ name }, { rootDescribeBlock }) {
    if (name === 'run_finish') simplifyErrors(rootDescribeBlock);
  }
}

function simplifyErrors(block) {
  for (const child of block.children) {
    if (child.type === 'describeBlock') simplifyErrors(child);
    // An error alone, or beside the one that says where a test was that threw something else.
    else child.errors = child.errors.map((error) => [error].flat().map(simplifyError));
  }
}

function simplifyError(error) {
  // Workers hand on an error's own properties, and nothing of its `toJSON`.
  if (typeof error !== 'object' || error === null || canBeJson({ ...error })) return error;
  const { message, name, stack, cause } = error;
  const plain = Object.entries(error).filter(([, value]) => Object(value) !== value);
  const simple = Object.assign(new Error(message), Object.fromEntries(plain), { name, stack });
  return cause === undefined ? simple : Object.assign(simple, { cause: simplifyError(cause) });
}

function canBeJson(value) {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
