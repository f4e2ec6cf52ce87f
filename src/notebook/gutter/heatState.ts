import {
  StateEffect,
  StateField,
  type EditorState,
  type RangeSet
} from '@codemirror/state';

import type { CostMarker } from './costMarker';
import type { FileHeat } from './fileHeat';

/** What an editor shows: costs, and where their markers are in its text. */
interface IShown {
  readonly heat: FileHeat;
  readonly markers: RangeSet<CostMarker>;
}

/** Shows other costs. */
export const setHeat = StateEffect.define<FileHeat>();

/**
 * Markers follow the text: after each change they are where the lines are that are as they ran. A line that was changed
 * has none, and has it again when the change is undone.
 */
const shown = StateField.define<IShown | null>({
  create: () => null,
  update: (value, transaction) => {
    let heat = value?.heat;
    for (const effect of transaction.effects) {
      heat = effect.is(setHeat) ? effect.value : heat;
    }
    return heat && (heat !== value?.heat || transaction.docChanged)
      ? placed(heat, transaction.state)
      : value;
  }
});

/** The part of an editor's state that holds these costs. */
export function heatState(heat: FileHeat) {
  return shown.init(state => placed(heat, state));
}

/** What is shown in an editor. */
export function heatIn(state: EditorState): FileHeat | null {
  return state.field(shown, false)?.heat ?? null;
}

/**
 * Which costs an editor should show: the first that have a line of its text. What it shows already stays while there is
 * no other, also without a line: a change may be undone.
 *
 * @param heats - the latest first
 */
export function latest(
  heats: readonly FileHeat[],
  state: EditorState
): FileHeat | null {
  const current = heatIn(state);
  if (heats.length === 0 || heats[0] === current) {
    return heats.length > 0 ? current : null;
  }
  const text = [...state.doc.iterLines()];
  return (
    heats.find(heat => heat.isIn(text)) ??
    heats.find(heat => heat === current) ??
    null
  );
}

/** The markers of an editor that shows costs. */
export function markersIn(state: EditorState): RangeSet<CostMarker> {
  return (state.field(shown) as IShown).markers;
}

/** The marker of the line at an offset. */
export function markerAt(state: EditorState, from: number): CostMarker | null {
  const cursor = markersIn(state).iter(from);
  return cursor.from === from ? cursor.value : null;
}

function placed(heat: FileHeat, { doc }: EditorState): IShown {
  return { heat, markers: heat.markersIn(doc) };
}
