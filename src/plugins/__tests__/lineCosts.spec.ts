import { beforeEach, expect, it, vi } from 'vitest';

import { linesOf, profileOf } from '../../profile/__tests__/build';
import type { ILineCosts, ILineResult } from '../../tokens';
import lineCosts from '../lineCosts';

const loaded = vi.fn<() => void>();
const show = vi.fn<ILineCosts['show']>();
let isBroken = false;

// Their packages bring in all of JupyterLab.
vi.mock('@jupyterlab/apputils', () => ({ ICommandPalette: {} }));
vi.mock('@jupyterlab/docmanager', () => ({ IDocumentManager: {} }));
vi.mock('@jupyterlab/notebook', () => ({ INotebookTracker: {} }));
vi.mock('@jupyterlab/settingregistry', () => ({ ISettingRegistry: {} }));
vi.mock('@jupyterlab/translation', () => ({ ITranslator: {} }));
vi.mock('../../notebook/gutter', () => ({
  Gutter: class {
    constructor() {
      loaded();
      if (isBroken) {
        throw new Error('broken');
      }
    }
    show = show;
  }
}));

const result = {} as ILineResult;
const without = profileOf([{ name: 'f' }]);
const withLines = profileOf([{ name: 'f', path: '/a.py' }], {
  lines: linesOf([[0, 1, 0, 1, 1]])
});

let costs: ILineCosts;

beforeEach(async () => {
  vi.clearAllMocks();
  isBroken = false;
  costs = (await lineCosts.activate(
    {} as never,
    ...Array(5).fill(null)
  )) as ILineCosts;
});

it('nothing is loaded for results without lines', async () => {
  costs.show(result, without);
  costs.show(result, undefined);
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(loaded).not.toHaveBeenCalled();
});

it('what comes after the first result with lines is told in order', async () => {
  costs.show(result, withLines);
  costs.show(result, without);
  costs.show(result, undefined);
  await vi.waitFor(() =>
    expect(show.mock.calls).toEqual([
      [result, withLines],
      [result, without],
      [result, undefined]
    ])
  );
  expect(loaded).toHaveBeenCalledOnce();
});

it('what did not load is tried again by the next result', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  isBroken = true;
  costs.show(result, withLines);
  await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
  isBroken = false;
  costs.show(result, withLines);
  await vi.waitFor(() => expect(show).toHaveBeenCalledOnce());
});
