/** Causes that a refusal tells of headers: sent unsigned, removed on the way, or an Authorization that is not ours. */
import { readName, tell, type Finding, type RefusedSignature } from './finding.js';
import { readToldWords } from './told-words.js';

/** The headers that a refusal names as its cause. */
export function findHeaders({ details, scope }: RefusedSignature): Finding | undefined {
  const { code = '', message, read } = details;
  const words = message.text;
  const told = readToldWords(details);
  const unsigned = listNames(
    read('headersnotsigned')?.text ??
      Array.from(words.matchAll(UNSIGNED_NAMES), ([, name, other]) => name ?? other).join(),
  );
  if (unsigned.length > 0 || told === 'unsigned headers') return tellUnsigned(unsigned);
  const isWithoutAll = /requires '(?:credential|signature|signedheaders)' parameter/i.test(words);
  const removed = isWithoutAll ? undefined : findRemoved(told, words);
  if (removed !== undefined) {
    const difference = { kind: 'header', name: removed, ours: '', theirs: undefined } as const;
    return tell(
      /^x-amz-(?:security|s3session)-token$/.test(removed) ? 'token' : 'headers',
      `The server did not see the header ${removed}, which was signed: something on the way removes it`,
      [difference],
    );
  }
  if (told === 'no date') {
    const what = 'The server saw no date beside the signature that it can read';
    return tell('headers', `${what}: something on the way removes or changes X-Amz-Date, or the Authorization`);
  }
  // Ceph's bare code is said of a scope too.
  const isMalformed = code === 'AuthorizationHeaderMalformed' && words !== '';
  if (code.startsWith('IncompleteSignature') || told === 'authorization' || isMalformed) {
    return tell(
      'headers',
      'The server cannot read the Authorization that it got: something on the way changes or replaces it',
    );
  }
  // API Gateway answers so where it has no such path or method.
  const isUnclear = scope.service === 'execute-api' && !/no authorization/i.test(words);
  const isMissing = code.startsWith('MissingAuthenticationToken') || code === 'MissingClientTokenId';
  if ((isMissing && !isUnclear) || told === 'no authorization') {
    return tell('headers', 'The server saw no Authorization: something on the way removes it');
  }
  return undefined;
}

/** As IAM's services name headers, and Garage. */
const UNSIGNED_NAMES =
  /'([\w-]{1,64})'(?: or '[^']{0,64}')? must be a 'SignedHeader'|header `([\w-]{1,64})` should be signed/gi;

function tellUnsigned(names: readonly string[]): Finding {
  const differences = names.map((name) => ({ kind: 'header', name, ours: undefined, theirs: '' }) as const);
  const [what, it] =
    names.length > 1 ? ['The headers', 'were'] : [names.length === 1 ? 'The header' : 'A header', 'was'];
  const told = [what, names.join(', '), it, 'sent without being signed'].filter((part) => part !== '').join(' ');
  return tell('headers', `${told}: something adds to the request after its signing`, differences);
}

/** The header that was signed and did not arrive. */
function findRemoved(told: ReturnType<typeof readToldWords>, words: string): string | undefined {
  if (told === 'no hash') return 'x-amz-content-sha256';
  if (/either a 'X-Amz-Date' or a 'Date' header/i.test(words)) return 'x-amz-date';
  return readName(/existence of signed headers?:? '?([\w-]{1,64})/i.exec(words)?.[1])?.toLowerCase();
}

function listNames(list: string): string[] {
  return list
    .slice(0, 1000)
    .split(/[\s,;]+/)
    .filter((name) => /^[\w-]{1,64}$/.test(name))
    .map((name) => name.toLowerCase())
    .slice(0, 10);
}
