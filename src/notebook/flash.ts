import '../../style/notebook.css';

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { CodeEditor } from '@jupyterlab/codeeditor';

/** Milliseconds that a line stays marked. */
const TIME = 1500;

/** Pixels that are kept free above and below the line, so that it does not hide at the edge. */
const MARGIN = 40;

const mark = Decoration.line({ class: 'jp-Profiler-flash' });

/** Marks the line at an offset, or takes the mark away. */
const setFlash = StateEffect.define<number | null>();

const flash = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (set, transaction) =>
    transaction.effects.reduce(
      (marks, effect) => (effect.is(setFlash) ? marksAt(effect.value) : marks),
      set.map(transaction.changes)
    ),
  provide: field => EditorView.decorations.from(field)
});

/** When the mark of an editor goes. */
const timers = new WeakMap<EditorView, ReturnType<typeof setTimeout>>();

/**
 * Put the cursor into a line, scroll to it and mark it for a moment. The focus stays where it is.
 *
 * @param line - from 0, less than the editor's number of lines
 * @param isMarked - whether it is marked, as the line that was asked for
 */
export function showLine(
  editor: CodeEditor.IEditor,
  line: number,
  isMarked: boolean
): void {
  const view: unknown = Reflect.get(editor, 'editor');
  editor.setCursorPosition({ line, column: 0 }, { scroll: false });
  if (!(view instanceof EditorView)) {
    // An editor that is not CodeMirror's has no marks.
    editor.revealPosition({ line, column: 0 });
    return;
  }
  const offset = view.state.doc.line(line + 1).from;
  const effects: StateEffect<unknown>[] = [
    setFlash.of(isMarked ? offset : null),
    EditorView.scrollIntoView(offset, { y: 'nearest', yMargin: MARGIN })
  ];
  if (!view.state.field(flash, false)) {
    effects.unshift(StateEffect.appendConfig.of(flash));
  }
  view.dispatch({ effects });
  clearTimeout(timers.get(view));
  timers.set(
    view,
    setTimeout(() => view.dispatch({ effects: setFlash.of(null) }), TIME)
  );
}

function marksAt(offset: number | null): DecorationSet {
  return offset === null ? Decoration.none : Decoration.set(mark.range(offset));
}
