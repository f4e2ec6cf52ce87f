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
