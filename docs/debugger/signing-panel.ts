/** The tab "Sign a request". */
import { announce, clearErrors, create, createCopyButton, find, markStale, showError } from './elements.js';
import { SIGNING_EXAMPLE } from './examples.js';
import { fillForm } from './filled-form.js';
import type { DerivedKey } from './derived-keys.js';
import {
  isProblem,
  signForm,
  type AnnotatedLine,
  type FieldProblem,
  type SigningForm,
  type SigningStages,
} from './stages.js';

/** Has the tab sign what is typed. */
export function wireSigningPanel(): void {
  const form = find('signing-form', HTMLFormElement);
  const result = find('signing-result', HTMLElement);
  const sign = (): void => {
    clearErrors(form);
    const stages = signForm(readForm(form));
    result.hidden = isProblem(stages);
    result.classList.remove('stale');
    if (isProblem(stages)) {
      showProblem(form, stages);
      return;
    }
    result.replaceChildren(...describeStages(stages));
    announce(`Signed. The signature is ${stages.signed.trace.signature}`);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    sign();
  });
  markStale(form, result);
  find('signing-example', HTMLElement).addEventListener('click', () => {
    form.reset();
    writeForm(form, SIGNING_EXAMPLE);
    sign();
  });
  find('signing-clear', HTMLElement).addEventListener('click', () => {
    form.reset();
    clearErrors(form);
    result.replaceChildren();
    result.hidden = true;
    find('method', HTMLElement).focus();
  });
  wireFillIn(form);
}

function wireFillIn(form: HTMLFormElement): void {
  const pasted = find('pasted', HTMLTextAreaElement);
  find('fill-in', HTMLElement).addEventListener('click', () => {
    clearErrors(form);
    try {
      writeForm(form, fillForm(pasted.value));
      announce('The form is filled in');
      pasted.value = '';
      pasted.closest('details')?.removeAttribute('open');
      find('method', HTMLElement).focus();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      showError(pasted, error.message);
    }
  });
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function listControls(form: HTMLFormElement): readonly Control[] {
  return Array.from(form.querySelectorAll<Control>('input[name], textarea[name], select[name]'));
}

function readForm(form: HTMLFormElement): SigningForm {
  const values = new Map(listControls(form).map(({ name, value }) => [name, value]));
  const text = (name: keyof SigningForm): string => values.get(name) ?? '';
  const choose = <Value extends string>(name: keyof SigningForm, known: readonly Value[]): Value | '' =>
    known.find((value) => value === text(name)) ?? '';
  const choices = ['yes', 'no'] as const;
  return {
    method: text('method'),
    url: text('url'),
    headers: text('headers'),
    body: text('body'),
    region: text('region'),
    service: text('service'),
    algorithm: choose('algorithm', ['sigv4', 'sigv4a']),
    accessKeyId: text('accessKeyId'),
    secretAccessKey: text('secretAccessKey'),
    sessionToken: text('sessionToken'),
    date: text('date'),
    signedHeaders: text('signedHeaders'),
    payload: choose('payload', ['signed', 'unsigned']),
    contentSha256Header: choose('contentSha256Header', choices),
    normalizePath: choose('normalizePath', choices),
    doubleEncodePath: choose('doubleEncodePath', choices),
    omitSessionToken: choose('omitSessionToken', choices),
    expiresIn: text('expiresIn'),
  };
}

function writeForm(form: HTMLFormElement, fields: Partial<SigningForm>): void {
  const values = new Map<string, string>(Object.entries(fields));
  for (const control of listControls(form)) control.value = values.get(control.name) ?? control.value;
}

function showProblem(form: HTMLFormElement, { field, message }: FieldProblem): void {
  const control = listControls(form).find(({ name }) => name === field);
  if (control !== undefined) {
    showError(control, message);
    return;
  }
  const shown = find('signing-error', HTMLElement);
  shown.textContent = message;
  shown.hidden = false;
  announce(message);
}

function describeStages({ signed, canonicalRequest, stringToSign, keys, curl, presigned }: SigningStages): Node[] {
  const { trace } = signed;
  const { Authorization: authorization } = signed.headers;
  return [
    createStage('1', 'Canonical request', 'canonical-request', trace.canonicalRequest, createLines(canonicalRequest)),
    createStage('2', 'String to sign', 'string-to-sign', trace.stringToSign, createLines(stringToSign)),
    createKeyStage(keys, trace.scope),
    createStage('4', 'Signature', 'signature', trace.signature, createText(trace.signature)),
    createStage('5', 'Authorization header', 'authorization', authorization, createText(authorization)),
    createStage('6', 'As a curl command', 'curl', curl, createText(curl), FOR_WHOM),
    createPresigned(presigned),
  ];
}

const FOR_WHOM = 'Whoever has it can send this request until its date is too old. A session token is in it as it is.';

function createStage(
  number: string,
  title: string,
  id: string,
  text: string,
  shown: HTMLElement,
  note?: string,
): HTMLElement {
  const heading = create('h2', {}, create('span', { class: 'number', 'aria-hidden': 'true' }, number), title);
  return create(
    'section',
    { class: 'stage', id: `stage-${id}` },
    create('div', { class: 'title' }, heading, createCopyButton(title, text, shown)),
    ...(note === undefined ? [] : [create('p', { class: 'hint' }, note)]),
    shown,
  );
}

function createText(text: string): HTMLElement {
  return create('pre', { class: 'text', translate: 'no' }, text);
}

function createLines(lines: readonly AnnotatedLine[]): HTMLElement {
  const rows = lines.map(({ text, meaning }) =>
    create('tr', {}, create('th', { scope: 'row' }, meaning), create('td', {}, text)),
  );
  return create('table', { class: 'lines', translate: 'no' }, create('tbody', {}, ...rows));
}

/** The keys are secrets, and are shown when somebody asks for them. */
function createKeyStage(keys: readonly DerivedKey[], scope: string): HTMLElement {
  const values = keys.map(() => create('code', {}, HIDDEN));
  const rows = keys.map(({ name, formula }, i) =>
    create(
      'tr',
      {},
      create('th', { scope: 'row' }, name),
      create('td', {}, create('div', { class: 'formula' }, formula), values[i] ?? ''),
    ),
  );
  const button = create('button', { type: 'button', class: 'quiet', id: 'show-keys', 'aria-pressed': 'false' }, 'Show');
  button.setAttribute('aria-label', 'Show the derived keys');
  button.addEventListener('click', () => {
    const isShown = button.getAttribute('aria-pressed') === 'true';
    for (const [i, value] of values.entries()) value.textContent = isShown ? HIDDEN : (keys[i]?.hex ?? '');
    button.setAttribute('aria-pressed', String(!isShown));
    button.textContent = isShown ? 'Show' : 'Hide';
  });
  const heading = create('h2', {}, create('span', { class: 'number', 'aria-hidden': 'true' }, '3'), 'Signing key');
  return create(
    'section',
    { class: 'stage', id: 'stage-key' },
    create('div', { class: 'title' }, heading, button),
    create('p', { class: 'hint' }, 'Derived for ', create('code', {}, scope), '. These are secrets, and hidden.'),
    create('table', { class: 'lines', translate: 'no' }, create('tbody', {}, ...rows)),
  );
}

const HIDDEN = '•'.repeat(16);

function createPresigned(presigned: SigningStages['presigned']): HTMLElement {
  if (!isProblem(presigned)) {
    const names = Object.keys(presigned.headers).join(', ');
    const more = names === '' ? '' : ` These headers must be sent with it as they are: ${names}.`;
    const note = `Signed in its query instead: whoever has it can use it until it expires.${more}`;
    return createStage('7', 'As a presigned URL', 'presigned', presigned.url, createText(presigned.url), note);
  }
  const heading = create(
    'h2',
    {},
    create('span', { class: 'number', 'aria-hidden': 'true' }, '7'),
    'As a presigned URL',
  );
  return create(
    'section',
    { class: 'stage', id: 'stage-presigned' },
    create('div', { class: 'title' }, heading),
    create('p', { class: 'error' }, presigned.message),
  );
}
