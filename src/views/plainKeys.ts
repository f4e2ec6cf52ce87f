/** Keys that buttons take. Shift+Enter stays JupyterLab's, which runs the cell by it. */
const BUTTON_KEYS = new Set(['Enter', ' ']);

/** Keys that scroll. */
const SCROLL_KEYS = new Set([
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  ' '
]);

/** Keys that go from one of several choices to the next. */
const CHOICE_KEYS = new Set([
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End'
]);

/** Where Ctrl+Z is not the notebook's. */
const UNDOER = '[data-profiler-undo]';

/** What has keys of its own, letters among them. */
const LETTERS = '[role=application], [role=menuitem], [data-profiler-letters]';

/**
 * Lumino leaves keys alone that come from within a node with this attribute; where a shortcut is for whatever has the focus, only
 * those of the node itself.
 */
export const SUPPRESS = 'data-lm-suppress-shortcuts';

/**
 * Lets controls in an output have the keys that they need.
 *
 * JupyterLab takes its shortcuts at the document, before an element sees the key: Enter on a button would enter the
 * cell's editor. So while the focus is within, keys are looked at before that, at the window; those that the focused
 * control takes are marked as not for JupyterLab, and all others stay shortcuts.
 */
export class PlainKeys {
  /**
   * @param node - holds the controls
   */
  constructor(private readonly _node: HTMLElement) {
    _node.addEventListener('focusin', this._onFocusIn);
    _node.addEventListener('focusout', this._onFocusOut);
    if (_node.contains(document.activeElement)) {
      this._onFocusIn();
    }
  }

  dispose(): void {
    this._onFocusOut();
    this._node.removeEventListener('focusin', this._onFocusIn);
    this._node.removeEventListener('focusout', this._onFocusOut);
  }

  private readonly _onFocusIn = (): void => {
    window.addEventListener('keydown', this._onKeyDown, true);
  };

  private readonly _onFocusOut = (): void => {
    window.removeEventListener('keydown', this._onKeyDown, true);
    this._node.removeAttribute(SUPPRESS);
  };

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    this._node.toggleAttribute(SUPPRESS, isPlain(event));
  };
}

function isPlain(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  const isUndo =
    (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
  if (isUndo && target.closest(UNDOER)) {
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return false;
  }
  const isEnter = event.key === 'Enter';
  if (target.matches(LETTERS)) {
    return !(isEnter && event.shiftKey);
  }
  if (
    target.matches('[role=tab], [role=radio]') &&
    CHOICE_KEYS.has(event.key)
  ) {
    return true;
  }
  if (target.matches('button, summary')) {
    return BUTTON_KEYS.has(event.key) && !(isEnter && event.shiftKey);
  }
  // What is typed into a field is for the field; a list is chosen from by letters, too.
  if (target.matches('input, select')) {
    return !(isEnter && event.shiftKey);
  }
  if (target.matches('[role=treegrid]') && isEnter) {
    return !event.shiftKey;
  }
  return SCROLL_KEYS.has(event.key);
}
