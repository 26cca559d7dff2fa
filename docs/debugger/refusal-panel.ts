/** The tab "Why was it refused?". */
import type { RefusalCause, RefusalExplanation } from '../../lib/sending/explanation.js';
import { ADVICE, describeCheck, describeMissingCheck } from './advice.js';
import { announce, clearErrors, create, find, markStale, showError } from './elements.js';
import { REFUSAL_EXAMPLE } from './examples.js';
import { markLines, type MarkedLine } from './marked-lines.js';
import { explainPasted, FieldError, type PastedRefusal } from './refusal.js';

/** Has the tab explain what is pasted. */
export function wireRefusalPanel(): void {
  const form = find('refusal-form', HTMLFormElement);
  const [request, answer] = [find('request', HTMLTextAreaElement), find('answer', HTMLTextAreaElement)];
  const secret = find('check-secret', HTMLInputElement);
  const result = find('refusal-result', HTMLElement);
  const explain = async (): Promise<void> => {
    clearErrors(form);
    result.hidden = true;
    try {
      const refusal = await explainPasted(request.value, answer.value, secret.value);
      result.replaceChildren(...describeRefusal(refusal));
      result.hidden = false;
      result.classList.remove('stale');
      announce(result.querySelector('.summary')?.textContent ?? '');
    } catch (error) {
      // Whatever it is, whoever clicked gets an answer.
      const fields = { request, answer, secret };
      showError(fields[error instanceof FieldError ? error.field : 'request'], String(error).replace(/^\w+: /, ''));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void explain();
  });
  markStale(form, result);
  find('refusal-example', HTMLElement).addEventListener('click', () => {
    request.value = REFUSAL_EXAMPLE.request;
    answer.value = REFUSAL_EXAMPLE.answer;
    secret.value = '';
    void explain();
  });
  find('refusal-clear', HTMLElement).addEventListener('click', () => {
    form.reset();
    clearErrors(form);
    result.replaceChildren();
    result.hidden = true;
    request.focus();
  });
}

function describeRefusal({ explanation, signed, check }: PastedRefusal): readonly Node[] {
  const { cause } = explanation ?? {};
  const missing = cause === undefined ? undefined : describeMissingCheck(cause);
  const checked = check === undefined ? missing : describeCheck(check, cause);
  const notes = [...signed.notes, ...(checked === undefined ? [] : [checked])];
  return [
    explanation === undefined ? createNoRefusal() : createVerdict(explanation),
    ...(notes.length === 0 ? [] : [create('ul', { class: 'notes' }, ...notes.map((note) => create('li', {}, note)))]),
    ...(explanation === undefined ? [] : [createDiff(explanation)]),
  ];
}

function createNoRefusal(): HTMLElement {
  const text = 'This answer does not refuse the signature.';
  const more =
    'Nothing in it speaks of a signature, its key, date, token or scope. AccessDenied is said by a policy: the signature ' +
    'was good, and the key may not do this. Other answers are of an application or a proxy.';
  return create(
    'section',
    { class: 'verdict none' },
    create('h2', {}, 'Not the signature'),
    create('p', { class: 'summary' }, text),
    create('p', {}, more),
  );
}

function createVerdict({ cause, summary }: RefusalExplanation): HTMLElement {
  const { title, whatToDo } = ADVICE[cause];
  return create(
    'section',
    { class: 'verdict', 'data-cause': cause },
    create('h2', {}, title, ' ', createChip(cause)),
    create('p', { class: 'summary' }, summary),
    create('h3', {}, 'What to do'),
    create('p', {}, whatToDo),
  );
}

function createChip(cause: RefusalCause): HTMLElement {
  return create('code', { class: 'chip', title: 'cause, as explainRefusal gives it' }, cause);
}

function createDiff(explanation: RefusalExplanation): HTMLElement {
  const isEqual = explanation.differences.length === 0;
  const title = isEqual ? 'What was signed' : 'What differs';
  const legend = isEqual
    ? []
    : [
        create('p', { class: 'legend' }, create('span', { class: 'minus' }, '− signed'), ' '),
        create('p', { class: 'legend' }, create('span', { class: 'plus' }, '+ seen by the server')),
      ];
  const rows = markLines(explanation).map(createRow);
  return create(
    'section',
    { class: 'stage' },
    create('div', { class: 'title' }, create('h2', {}, title), create('div', { class: 'legends' }, ...legend)),
    create('table', { class: 'diff', 'aria-label': title, translate: 'no' }, create('tbody', {}, ...rows)),
  );
}

const MARKS = {
  '-': { sign: '−', name: 'signed', kind: 'minus', part: 'del' },
  '+': { sign: '+', name: 'seen by the server', kind: 'plus', part: 'ins' },
  ' ': { sign: '', name: '', kind: '', part: 'span' },
} as const;

function createRow({ mark, parts }: MarkedLine): HTMLElement {
  const { sign, name, kind, part } = MARKS[mark];
  const heading = create('th', { scope: 'row' }, create('span', { 'aria-hidden': 'true' }, sign));
  if (name !== '') heading.append(create('span', { class: 'unseen' }, name));
  const texts = parts.map(({ text, differs }) => (differs ? create(part, {}, text) : text));
  return create('tr', kind === '' ? {} : { class: kind }, heading, create('td', {}, ...texts));
}
