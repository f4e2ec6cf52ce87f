/**
 * Lists of functions, and how one would write them.
 */
import type { ISpine } from '../chains';
import { FunctionList, type Entry } from '../functionList';
import { Grouping } from '../grouping';
import type { FuncIndex } from '../indices';
import type { IProfile } from '../model';
import { fileLabels } from '../names';
import { functionRows } from '../rows';
import { DEFAULT_VIEW_STATE, type IViewState } from '../viewState';
import { profileOf, type IFunctionSpec } from './build';

/** Places of functions, one of each kind. */
export const CELL = {
  path: '/tmp/ipykernel_1/2.py',
  origin: 'cell',
  cell: 'c'
} as const;
export const MINE = { path: '/home/ada/job/core.py', origin: 'file' } as const;
export const TOO = { path: '/home/ada/job/io.py', origin: 'file' } as const;
export const NUMPY = {
  path: '/lib/numpy/linalg.py',
  origin: 'package',
  package: 'numpy'
} as const;
const NUMPY2 = {
  path: '/lib/numpy/fft.py',
  origin: 'package',
  package: 'numpy'
} as const;
const JSON_PY = { path: '/lib/json.py', origin: 'stdlib' } as const;

/** Own times are powers of two: a sum tells what is in it. */
export const SPECS: IFunctionSpec[] = [
  { name: 'cell', ...CELL, line: 1, calls: 1, self: 1, total: 127 },
  { name: 'run', ...MINE, line: 2, calls: 2, self: 2, total: 126 },
  { name: 'read', ...TOO, line: 3, calls: 30, self: 4, total: 90 },
  { name: 'solve', ...NUMPY, line: 4, calls: 4, self: 8, total: 24 },
  { name: 'fft', ...NUMPY2, line: 5, calls: 5, self: 16, total: 16 },
  { name: 'dumps', ...JSON_PY, line: 6, calls: 6, self: 32, total: 64 },
  { name: 'len', kind: 'builtin', calls: 700, self: 64 },
  {
    name: '(awaiting)',
    kind: 'pseudo',
    qualified: 'awaiting',
    calls: 80,
    self: 128
  }
];
export const PROFILE = profileOf(SPECS);

/** The list of a profile, that of all kinds of functions by default. */
export function listOf(
  profile: IProfile = PROFILE,
  {
    spine = null as ISpine | null,
    isHidden = (func: FuncIndex) => func < 0
  } = {}
) {
  const rows = functionRows(profile);
  const labels = fileLabels(profile);
  const list = new FunctionList(profile, rows, labels, spine, isHidden);
  list.grouping = new Grouping(profile, rows, labels);
  return list;
}

/** Entries as one would write them: names, `  ` before what is within, `+` or `-` before what opens. */
export function written(
  entries: readonly Entry[],
  profile: IProfile = PROFILE
): string[] {
  const rows = functionRows(profile);
  return entries.map(entry =>
    entry.kind === 'row'
      ? `${'  '.repeat(entry.level)}${profile.functions.name[rows.function[entry.row]]}`
      : entry.kind === 'group'
        ? `${entry.isOpen ? '-' : '+'} ${entry.group.name || entry.group.category}`
        : `${entry.isOpen ? '-' : '+'} spine`
  );
}

/** A state in which the reader has chosen so. */
export const state = (change: Partial<IViewState>): IViewState => ({
  ...DEFAULT_VIEW_STATE,
  ...change
});

/** What a state shows, as one would write it. */
export const show = (
  change: Partial<IViewState>,
  list = listOf(),
  of = PROFILE
) => written(list.listing(state(change)).entries, of);
