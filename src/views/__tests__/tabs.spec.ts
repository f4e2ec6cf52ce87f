// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';

import type { ViewName } from '../../profile/viewState';
import { element } from '../dom';
import { Tabs } from '../tabs';
import { press, textOf } from './results';

let tabs: Tabs<ViewName>;
let chosen: ViewName[];
let panels: HTMLElement[];
let buttons: HTMLElement[];

beforeEach(() => {
  chosen = [];
  panels = [element('div'), element('div')];
  const words = ['Functions', 'Charts'];
  tabs = new Tabs<ViewName>(
    (['functions', 'charts'] as const).map((view, i) => ({
      view,
      label: words[i],
      panel: panels[i]
    })),
    'Views',
    view => {
      chosen.push(view);
      tabs.show(view);
    }
  );
  document.body.replaceChildren(tabs.node, ...panels);
  tabs.show('functions');
  buttons = [...tabs.node.querySelectorAll('button')];
});

/** Which tab is selected, can be tabbed to, and whose panel is shown. */
const shown = () => [
  buttons
    .filter(one => one.getAttribute('aria-selected') === 'true')
    .map(textOf),
  buttons.filter(one => one.tabIndex === 0).map(textOf),
  panels.map(panel => panel.hidden)
];

it('shows the panel of one view', () => {
  expect(shown()).toEqual([['Functions'], ['Functions'], [false, true]]);
  buttons[1].click();
  expect(shown()).toEqual([['Charts'], ['Charts'], [true, false]]);
});

it('goes from tab to tab by keys, round and round', () => {
  buttons[0].focus();
  const way: [string, number][] = [
    ['ArrowRight', 1],
    ['ArrowRight', 0],
    ['ArrowLeft', 1],
    ['ArrowLeft', 0],
    ['End', 1],
    ['Home', 0]
  ];
  for (const [key, at] of way) {
    expect(press(document.activeElement as HTMLElement, key)).toBe(true);
    expect(document.activeElement).toBe(buttons[at]);
    expect(panels[at].hidden).toBe(false);
  }
  expect(press(buttons[0], 'ArrowDown')).toBe(false);
  expect(press(buttons[0], 'ArrowRight', { altKey: true })).toBe(false);
  expect(chosen.length).toBe(way.length);
});

it('ties tabs to panels for screen readers', () => {
  expect(tabs.node.getAttribute('role')).toBe('tablist');
  buttons.forEach((button, i) => {
    expect(button.getAttribute('role')).toBe('tab');
    expect(button.getAttribute('aria-controls')).toBe(panels[i].id);
    expect(panels[i].getAttribute('aria-labelledby')).toBe(button.id);
    expect(panels[i].getAttribute('role')).toBe('tabpanel');
  });
  expect(new Set([...buttons, ...panels].map(node => node.id)).size).toBe(4);
});
