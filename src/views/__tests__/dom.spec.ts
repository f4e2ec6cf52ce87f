// @vitest-environment jsdom
import { expect, it } from 'vitest';

import { clipped, cut, element, emphasised, MARK } from '../dom';

it('cuts a text that nobody reads to its end, and through no character', () => {
  expect(clipped('x'.repeat(400))).toBe('x'.repeat(400));
  expect(clipped('x'.repeat(10_000))).toBe(`${'x'.repeat(400)}…`);
  expect(clipped(`${'x'.repeat(399)}🐍🐍`)).toBe(`${'x'.repeat(399)}…`);
  expect(clipped(`${'x'.repeat(398)}🐍🐍`)).toBe(`${'x'.repeat(398)}🐍…`);
});

it.each([
  ['a\u202eevil', 'a\\u202eevil'],
  ['\t', '\\t'],
  ['\x1b[31m', '\\x1b[31m'],
  ['zero\u200bwidth\u00a0', 'zero\\u200bwidth\\xa0'],
  ['naïve 名前 🐍', 'naïve 名前 🐍']
])('shows what %j hides as Python does', (text, shown) => {
  expect(clipped(text)).toBe(shown);
  expect(cut(text)).toBe(text);
});

it('sets texts, and reads none as HTML', () => {
  const evil = '<img src=x onerror=alert(1)>';
  const node = element(
    'p',
    { text: evil, title: evil, attributes: { 'aria-label': evil } },
    [evil]
  );
  expect(node.childElementCount).toBe(0);
  expect(node.textContent).toBe(evil + evil);
  expect(node.title).toBe(evil);
});

it('emphasises a part where the sentence has it', () => {
  const sentence = element('p', {}, emphasised(`took ${MARK} in all`, '<b>'));
  expect(sentence.innerHTML).toBe('took <strong>&lt;b&gt;</strong> in all');
  const none = element('p', {}, emphasised('took all', '9'));
  expect(none.textContent).toBe('took all9');
});
