/** Elements of the page: those that index.html has, and those that results are made of. */

/**
 * An element of the page, by its id.
 *
 * @throws Error where index.html has no such element, or one of another kind
 */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`There is no ${kind.name} with the id ${id}`);
}

/** Makes an element; text is never read as HTML. */
export function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

/** Says something to who cannot see the page change. */
export function announce(text: string): void {
  find('status', HTMLElement).textContent = text;
}

/** Shows what is wrong with a field, and leads there. */
export function showError(field: HTMLElement, message: string): void {
  const shown = find(`${field.id}-error`, HTMLElement);
  shown.textContent = message;
  shown.hidden = false;
  field.setAttribute('aria-invalid', 'true');
  field.closest('details')?.setAttribute('open', '');
  field.focus();
  announce(message);
}

/** Takes away what was said to be wrong with the fields of a form. */
export function clearErrors(form: HTMLFormElement): void {
  for (const shown of form.querySelectorAll<HTMLElement>('.error')) {
    shown.hidden = true;
    shown.textContent = '';
  }
  for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
}

/** Has a result look as if it were of before, once something else is typed. */
export function markStale(form: HTMLFormElement, result: HTMLElement): void {
  form.addEventListener('input', () => {
    result.classList.add('stale');
  });
}

/** A button that copies a text, or selects it where the browser does not let it. */
export function createCopyButton(what: string, text: string, shown: HTMLElement): HTMLButtonElement {
  const button = create('button', { type: 'button', class: 'quiet', 'aria-label': `Copy ${what}` }, 'Copy');
  button.addEventListener('click', () => {
    copy(text).then(
      () => {
        announce(`Copied ${what}`);
        button.textContent = 'Copied';
        setTimeout(() => {
          button.textContent = 'Copy';
        }, SHOWN_MS);
      },
      () => {
        getSelection()?.selectAllChildren(shown);
        announce(`Selected ${what}`);
      },
    );
  });
  return button;
}

const SHOWN_MS = 1500;

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Has each button that `data-shows` an input show or hide what is typed there. */
export function wireShowButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-shows]')) {
    const input = find(button.dataset['shows'] ?? '', HTMLInputElement);
    const name = document.querySelector(`label[for="${input.id}"]`)?.firstChild?.textContent?.trim() ?? '';
    button.setAttribute('aria-label', `Show: ${name}`);
    button.addEventListener('click', () => {
      const isShown = input.type === 'text';
      input.type = isShown ? 'password' : 'text';
      button.textContent = isShown ? 'Show' : 'Hide';
      button.setAttribute('aria-pressed', String(!isShown));
    });
  }
}
