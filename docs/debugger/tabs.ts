/** The page's tabs, by the pattern of the ARIA Authoring Practices: arrows, Home and End go from one to the other. */
import { find } from './elements.js';

/** Has the tabs show their panels. */
export function wireTabs(): void {
  const tabs = Array.from(document.querySelectorAll<HTMLButtonElement>('[role=tab]'));
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener('click', () => {
      select(tab, tabs);
    });
    tab.addEventListener('keydown', (event) => {
      const next = findNext(event.key, i, tabs);
      if (next === undefined) return;
      event.preventDefault();
      select(next, tabs);
      next.focus();
    });
  }
}

function findNext(key: string, i: number, tabs: readonly HTMLButtonElement[]): HTMLButtonElement | undefined {
  switch (key) {
    case 'ArrowRight':
      return tabs[(i + 1) % tabs.length];
    case 'ArrowLeft':
      return tabs.at(i - 1);
    case 'Home':
      return tabs[0];
    case 'End':
      return tabs.at(-1);
    default:
      return undefined;
  }
}

function select(selected: HTMLButtonElement, tabs: readonly HTMLButtonElement[]): void {
  for (const tab of tabs) {
    const isSelected = tab === selected;
    tab.setAttribute('aria-selected', String(isSelected));
    tab.tabIndex = isSelected ? 0 : -1;
    find(tab.getAttribute('aria-controls') ?? '', HTMLElement).hidden = !isSelected;
  }
}
