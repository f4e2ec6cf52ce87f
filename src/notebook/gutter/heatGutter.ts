import {
  Compartment,
  StateEffect,
  type EditorState,
  type Extension
} from '@codemirror/state';
import { EditorView, gutter, GutterMarker } from '@codemirror/view';

import { element } from '../../views/dom';
import type { FileHeat } from './fileHeat';
import { gutterKeys } from './gutterKeys';
import { heatIn, heatState, markerAt, markersIn, setHeat } from './heatState';
import { hideTip, showTip } from './heatTip';
import { spokenGutter } from './spokenGutter';

/** Where the gutter is in an editor's configuration, or its place where it was taken away. */
const slot = new Compartment();

/** As wide as the widest text, so that the code does not move when another line is the hottest. */
const spacer = new (class extends GutterMarker {
  override toDOM(): HTMLElement {
    return element('div', { className: 'jp-Profiler-cost', text: '<0.1%' });
  }
})();

/**
 * Show costs in an editor's margin, or none. Nothing is done where they are shown already; else it takes one
 * transaction.
 *
 * @returns whether there was something to do
 */
export function showHeat(view: EditorView, heat: FileHeat | null): boolean {
  const before = heatIn(view.state);
  if (before === heat) {
    return false;
  }
  view.dispatch({
    effects:
      before && heat ? setHeat.of(heat) : put(view.state, extensionOf(heat))
  });
  return true;
}

function put(state: EditorState, extension: Extension): StateEffect<unknown> {
  return slot.get(state) === undefined
    ? StateEffect.appendConfig.of(slot.of(extension))
    : slot.reconfigure(extension);
}

function extensionOf(heat: FileHeat | null): Extension {
  return heat === null
    ? []
    : [
        heatState(heat),
        gutter({
          class: 'jp-Profiler-heat',
          markers: view => markersIn(view.state),
          initialSpacer: () => spacer,
          domEventHandlers: {
            // The focus stays where it is: the reader goes on to the result.
            mousedown: (view, line, event) => nodeOf(event) !== null,
            click: reveal,
            mouseover: tell,
            focusin: (view, line, event) => {
              inCommandMode(view, event);
              return tell(view, line, event);
            },
            mouseout: untell,
            focusout: untell,
            keydown: (view, { from }, event) => {
              event.stopPropagation();
              return gutterKeys(view, from, event as KeyboardEvent);
            }
          }
        }),
        spokenGutter
      ];
}

/** The marker's node that an event is about. */
function nodeOf({ target }: Event): HTMLElement | null {
  return target instanceof Element
    ? target.closest<HTMLElement>('.jp-Profiler-cost')
    : null;
}

function reveal(
  view: EditorView,
  { from }: { from: number },
  event: Event
): boolean {
  const marker = nodeOf(event) && markerAt(view.state, from);
  if (marker) {
    hideTip();
    marker.heat.reveal(marker.line, view.dom);
  }
  return false;
}

function tell(
  view: EditorView,
  { from }: { from: number },
  event: Event
): boolean {
  const node = nodeOf(event);
  const marker = markerAt(view.state, from);
  if (node && marker) {
    showTip(node, marker.words);
  }
  return false;
}

/**
 * A notebook takes the focus to the text when it comes into an editor, and again with each key: not from the margin. The
 * cell is the active one, as if the focus had come to its prompt.
 */
function inCommandMode(view: EditorView, event: Event): void {
  event.stopPropagation();
  view.dom
    .closest('.jp-Cell')
    ?.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
}

function untell(): boolean {
  hideTip();
  return false;
}
