// @vitest-environment jsdom
import { expect, it } from 'vitest';

import { element } from '../dom';
import { PlainKeys } from '../plainKeys';

const button = element('button');
const scroll = element('div', { attributes: { tabindex: '0' } });
const radio = element('button', { attributes: { role: 'radio' } });
const other = element('button');
const node = element('div', {}, [button, scroll, radio]);
document.body.append(node, other);
const keys = new PlainKeys(node);

/** Whether JupyterLab, which listens at the document, would leave a key alone. */
function isOurs(
  target: HTMLElement,
  key: string,
  init: KeyboardEventInit = {}
) {
  target.focus();
  let suppressed = false;
  const listener = () =>
    (suppressed = node.hasAttribute('data-lm-suppress-shortcuts'));
  document.addEventListener('keydown', listener, true);
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, ...init })
  );
  document.removeEventListener('keydown', listener, true);
  return suppressed;
}

it.each<[string, HTMLElement, string, KeyboardEventInit, boolean]>([
  ['Enter on a button', button, 'Enter', {}, true],
  ['Shift+Space on a button', button, ' ', { shiftKey: true }, true],
  [
    'Shift+Enter, which runs the cell',
    button,
    'Enter',
    { shiftKey: true },
    false
  ],
  ['an arrow on a button', button, 'ArrowDown', {}, false],
  ['an arrow on one of several choices', radio, 'ArrowRight', {}, true],
  ['Enter on one of several choices', radio, 'Enter', {}, true],
  ['Home on one of several choices', radio, 'Home', {}, true],
  ['an arrow in the table', scroll, 'ArrowDown', {}, true],
  ['a letter in the table', scroll, 'a', {}, false],
  ['Ctrl+S', scroll, 's', { ctrlKey: true }, false],
  ['Ctrl+Enter on a button', button, 'Enter', { ctrlKey: true }, false]
])('%s', (_, target, key, init, ours) => {
  expect(isOurs(target, key, init)).toBe(ours);
});

it('lets go with the focus and with the view', () => {
  isOurs(button, 'Enter');
  other.focus();
  expect(node.hasAttribute('data-lm-suppress-shortcuts')).toBe(false);
  button.focus();
  keys.dispose();
  expect(isOurs(button, 'Enter')).toBe(false);
});

it('leaves to controls what they take, and all else to JupyterLab', () => {
  const field = element('input', { attributes: { type: 'search' } });
  const select = element('select', {}, [element('option', { text: 'file' })]);
  const grid = element('table', {
    attributes: { role: 'treegrid', tabindex: '0' }
  });
  const tab = element('button', { attributes: { role: 'tab' } });
  const summary = element('summary', { attributes: { tabindex: '0' } });
  node.append(field, select, grid, tab, summary);
  const again = new PlainKeys(node);
  const taken = (target: HTMLElement, key: string, init?: KeyboardEventInit) =>
    expect(isOurs(target, key, init), `${target.tagName} ${key}`).toBe(true);
  const left = (target: HTMLElement, key: string, init?: KeyboardEventInit) =>
    expect(isOurs(target, key, init), `${target.tagName} ${key}`).toBe(false);

  for (const control of [field, select]) {
    for (const key of ['a', 'Enter', 'ArrowDown', ' ', 'Delete', 'x']) {
      taken(control, key);
    }
    taken(control, 'A', { shiftKey: true });
    left(control, 'Enter', { shiftKey: true });
    left(control, 's', { ctrlKey: true });
  }

  for (const key of ['Enter', ' ', 'ArrowLeft', 'Home', 'PageDown']) {
    taken(grid, key);
  }
  taken(grid, 'ArrowDown', { shiftKey: true });
  left(grid, 'Enter', { shiftKey: true });
  left(grid, 'Enter', { ctrlKey: true });
  left(grid, 'd');

  for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter', ' ']) {
    taken(tab, key);
  }
  left(tab, 'Enter', { shiftKey: true });
  left(tab, 'PageDown');

  taken(summary, 'Enter');
  left(summary, 'ArrowDown');
  again.dispose();
});
