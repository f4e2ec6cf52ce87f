/**
 * Costs of a cell, and editors that show them.
 */
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { vi } from 'vitest';

import {
  LINE_METRICS,
  linesOf,
  META,
  profileOf,
  sourcesFrom,
  type LineSpec
} from '../../../profile/__tests__/build';
import type { FileIndex } from '../../../profile/indices';
import { lineHeat } from '../../../profile/lineHeat';
import type { IProfile } from '../../../profile/model';
import { context } from '../../../views/__tests__/language';
import { FileHeat } from '../fileHeat';
import { heatIn, markersIn } from '../heatState';

export const SOURCE = [
  'def f(n):',
  '    total = 0',
  '    for i in range(n):',
  '        total += sum(j for j in range(i))',
  '    return total'
];

/** Whole: 1000 ns. */
export const ROWS: readonly LineSpec[] = [
  [0, 2, 0, 1, 5],
  [0, 3, 0, 11, 100],
  [0, 4, 0, 10, 600],
  [0, 4, 1, 55, 450],
  [0, 5, 0, 0, 0]
];

/** A profile of one cell's lines. */
export function cellProfile(
  cell: string,
  source: readonly string[] = SOURCE,
  rows: readonly LineSpec[] = ROWS,
  more: Partial<IProfile> = {}
): IProfile {
  const path = `/tmp/ipykernel_1/${cell}.py`;
  return profileOf(
    [
      { name: 'f', path, cell, origin: 'cell', line: 1 },
      { name: '<genexpr>', path, line: 4 }
    ],
    {
      meta: { ...META, wall: 1000 },
      metrics: LINE_METRICS,
      lines: linesOf(rows),
      sources: sourcesFrom([[0, 1, `${source.join('\n')}\n`]]),
      ...more
    }
  );
}

export const reveal =
  vi.fn<(heat: FileHeat, line: number, from: Node) => void>();

/** Costs of a profile's first file. */
export function heatOfCell(profile = cellProfile('c0')): FileHeat {
  return new FileHeat(
    profile,
    lineHeat(profile),
    0 as FileIndex,
    context,
    reveal
  );
}

/** An editor in the page, and how many transactions it took. */
export function editorOf(text: string): {
  readonly view: EditorView;
  readonly dispatched: () => number;
} {
  let count = 0;
  const view = new EditorView({
    parent: document.body,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        EditorView.updateListener.of(({ transactions }) => {
          count += transactions.length;
        })
      ]
    })
  });
  return { view, dispatched: () => count };
}

/** What the margin holds, by line from 1: the source's line that it is. */
export function marked(view: EditorView): Record<number, number> {
  const found: Record<number, number> = {};
  if (heatIn(view.state)) {
    for (const at = markersIn(view.state).iter(); at.value; at.next()) {
      found[view.state.doc.lineAt(at.from).number] = at.value.line;
    }
  }
  return found;
}
