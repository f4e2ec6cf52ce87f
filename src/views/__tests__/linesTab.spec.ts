// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { IProfile } from '../../profile/model';
import { DEFAULT_VIEW_STATE, type IViewState } from '../../profile/viewState';
import {
  linedProfile,
  linesFrom,
  profileOf,
  type ILineSpec
} from '../../profile/__tests__/build';
import * as later from '../later';
import { ProfileView } from '../profileView';
import { context } from './language';
import { click, one, textOf, texts } from './results';

// What colours the source is JupyterLab's, which no page is needed for here.
vi.mock('../lines/editorColours', () => ({
  editorColours: () => Promise.resolve(null)
}));

const ROWS: readonly ILineSpec[] = [
  { func: 0, line: 2, time: 90 },
  { func: 1, line: 6, time: 900 }
];

const both: IProfile = {
  ...profileOf([
    { name: 'f', path: '/tmp/c.py', line: 1, self: 90 },
    { name: 'g', path: '/tmp/c.py', line: 5, self: 900 },
    { name: 'len', kind: 'builtin', self: 1 }
  ]),
  lines: linesFrom(ROWS)
};

let view: ProfileView;
let kept: IViewState;

function show(profile: IProfile): void {
  view = new ProfileView(
    profile,
    context,
    {
      state: kept,
      remember: state => (kept = state),
      hidden: [],
      open: () => Promise.resolve(true)
    },
    later
  );
  document.body.replaceChildren(view.node);
  view.layout();
}

const tabs = () => texts(view.node, '[role=tab]');

const shown = () =>
  [...view.node.querySelectorAll<HTMLElement>('[role=tabpanel]')].find(
    panel => !panel.hidden
  ) as HTMLElement;

/** The row that the keyboard is on, once the lines are there. */
async function active(): Promise<string> {
  await vi.waitFor(() =>
    expect(view.node.querySelector('.jp-Profiler-lines')).not.toBeNull()
  );
  return textOf(
    view.node.querySelector('.jp-Profiler-linesTable .jp-mod-active')
  );
}

beforeEach(() => {
  kept = DEFAULT_VIEW_STATE;
  Element.prototype.scrollIntoView = vi.fn();
});

afterEach(() => view.dispose());

describe('lines of a profile', () => {
  it('are behind a tab of their own', async () => {
    show(both);
    expect(tabs()).toEqual([
      'Functions',
      'Callers and callees',
      'Lines',
      'Call tree',
      'Square map',
      'Charts'
    ]);
    expect(view.node.querySelector('.jp-Profiler-lines')).toBeNull();
    one(view.node, '[role=tab]', 'Lines').click();
    expect(kept.view).toBe('lines');
    expect(await active()).toContain('g');
  });

  it('are the first view where there is nothing else, whatever was looked at before', async () => {
    kept = { ...kept, view: 'charts' };
    show(linedProfile([{ name: 'f', line: 1 }], [{ func: 0, line: 2 }]));
    expect(tabs()).toEqual(['Lines']);
    expect(one(view.node, '[role=tab]').getAttribute('aria-selected')).toBe(
      'true'
    );
    expect(await active()).toContain('f');
    expect(
      shown().contains(view.node.querySelector('.jp-Profiler-lines'))
    ).toBe(true);
  });

  it('have no tab where there are none', () => {
    kept = { ...kept, view: 'lines' };
    show({ ...both, lines: linesFrom([]) });
    expect(tabs()).toEqual([
      'Functions',
      'Callers and callees',
      'Call tree',
      'Square map',
      'Charts'
    ]);
    expect(textOf(shown())).toContain('cumtime');
    expect(view.showLine('/tmp/c.py', 2)).toBe(false);
  });

  it('are one click from the account of their function', async () => {
    show(both);
    const account = () =>
      one(view.node, '.jp-Profiler-functions .jp-Profiler-account');
    click(one(view.node, '.jp-Profiler-hot button', 'f'));
    click(one(account(), 'button', 'Show its lines'));
    await vi.waitFor(() => expect(kept.view).toBe('lines'));
    expect(await active()).toMatch(/^▾.*f/);
    // It stands beside the lines as well.
    expect(
      textOf(one(view.node, '.jp-Profiler-lines .jp-Profiler-account'))
    ).toContain('own code');
    one(view.node, '[role=tab]', 'Functions').click();
    click(
      [...view.node.querySelectorAll('.jp-Profiler-functions tbody tr')].find(
        row => textOf(row).endsWith('lenC')
      ) as HTMLElement
    );
    expect(textOf(account())).toContain('len');
    expect(textOf(account())).not.toContain('Show its lines');
  });
});

describe('a line that is to be shown', () => {
  it('is gone to, loaded or not', async () => {
    show(both);
    expect(view.showLine('/tmp/c.py', 2)).toBe(true);
    expect(kept.view).toBe('lines');
    expect(await active()).toMatch(/^2/);
    expect(Element.prototype.scrollIntoView).toHaveBeenCalledTimes(1);
    one(view.node, '[role=tab]', 'Functions').click();
    expect(view.showLine('/tmp/c.py', 6)).toBe(true);
    expect(kept.view).toBe('lines');
    expect(await active()).toMatch(/^6/);
    expect(
      view.node.querySelector('.jp-Profiler-linesTable .jp-mod-active')
        ?.classList
    ).toContain('jp-mod-flash');
  });

  it('is refused where the profile does not have it', () => {
    show(both);
    expect(view.showLine('/tmp/c.py', 3)).toBe(false);
    expect(view.showLine('/tmp/d.py', 2)).toBe(false);
    expect(kept.view).toBe('functions');
  });
});
