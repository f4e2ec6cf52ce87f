import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Cell } from '@jupyterlab/cells';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import {
  NotebookActions,
  type INotebookTracker,
  type NotebookPanel
} from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { Widget } from '@lumino/widgets';

import type { ICodePlace, Shown } from '../tokens';
import { showLine } from './flash';
import { findCell, panelsAround, type IFoundCell } from './panels';
import { isFilePath, lineInCell, lineInText, lineNow } from './places';
import { serverPath } from './serverPath';

/** Milliseconds that anything may take. */
const LIMIT = 5000;

/** Bytes of a file whose text is shown. */
const MOST_BYTES = 2_000_000;

/** JupyterLab's name of its text editor. */
const EDITOR = 'Editor';

/** What leads to code. Parts that an application does not have are null. */
export interface IHosts {
  readonly shell: JupyterFrontEnd.IShell;
  readonly tracker: INotebookTracker | null;
  readonly docManager: IDocumentManager | null;
}

/**
 * Show the cell or the file that a profile names.
 *
 * @param from - node that the reader came from
 * @returns whether the place is shown
 * @throws what JupyterLab throws, or when something takes longer than five seconds
 */
export function openPlace(
  place: ICodePlace,
  from: HTMLElement,
  hosts: IHosts
): Promise<Shown> {
  return place.cell === ''
    ? showFile(place, from, hosts)
    : showCell(place, from, hosts);
}

/**
 * The text of the file that a profile names, as it is now; null where the server offers none, or a very large one.
 *
 * @param from - node that the reader came from
 * @throws what JupyterLab throws, or when something takes longer than five seconds
 */
export async function textOf(
  place: ICodePlace,
  from: HTMLElement,
  { tracker, docManager }: IHosts
): Promise<string | null> {
  if (!docManager || place.cell !== '' || !isFilePath(place.path)) {
    return null;
  }
  const [panel] = panelsAround(from, tracker);
  const file = await limited(fileOf(place, panel, docManager));
  if (file?.type !== 'file' || !(Number(file.size) <= MOST_BYTES)) {
    return null;
  }
  const { content } = await limited(
    docManager.services.contents.get(file.path, {
      type: 'file',
      format: 'text',
      content: true
    })
  );
  return typeof content === 'string' ? content : null;
}

async function showCell(
  place: ICodePlace,
  from: HTMLElement,
  { shell, tracker }: IHosts
): Promise<Shown> {
  const found = findCell(place.cell, from, tracker);
  if (!found) {
    return false;
  }
  const cell = await goTo(found, shell);
  if (cell.isDisposed || !cell.editor) {
    return false;
  }
  cell.inputHidden = false;
  const text = cell.model.sharedModel.getSource();
  const ran = lineInCell(text, place.line);
  const { line, shown } = lineNow(text, ran, place.text);
  showLine(cell.editor, line, shown === true);
  return shown;
}

/**
 * Make a cell the active one and scroll to it.
 *
 * @throws when it takes longer than five seconds
 */
export async function goTo(
  { panel, index }: IFoundCell,
  shell: JupyterFrontEnd.IShell
): Promise<Cell> {
  const notebook = panel.content;
  const cell = notebook.widgets[index];
  shell.activateById(panel.id);
  NotebookActions.expandParent(cell, notebook);
  notebook.mode = 'command';
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  // Rejected by JupyterLab when the reader scrolls on meanwhile.
  await limited(notebook.scrollToItem(index, 'smart')).catch(() => undefined);
  await limited(cell.ready);
  return cell;
}

async function showFile(
  place: ICodePlace,
  from: HTMLElement,
  { tracker, docManager }: IHosts
): Promise<Shown> {
  if (!docManager || !isFilePath(place.path)) {
    return false;
  }
  const [panel] = panelsAround(from, tracker);
  const file = await limited(fileOf(place, panel, docManager));
  if (file === null) {
    return false;
  }
  const widget = docManager.openOrReveal(file.path, EDITOR);
  if (!widget) {
    // Notebook 7 opens files in a tab of the browser, and tells nothing about it.
    return docManager.registry.getWidgetFactory(EDITOR) !== undefined;
  }
  await limited(widget.context.ready);
  if (widget.isDisposed) {
    return false;
  }
  const text = widget.context.model.toString();
  const ran = lineInText(text.split('\n').length, place.line);
  const { line, shown } = lineNow(text, ran, place.text);
  const editor = editorOf(widget.content);
  if (editor) {
    showLine(editor, line, shown === true);
  } else {
    // Lines of fragments count from 0 in JupyterLab.
    widget.setFragment(`#line=${line}`);
  }
  return shown;
}

/** The editor of a file editor, which is a package that is not loaded for this. */
function editorOf(content: Widget): CodeEditor.IEditor | null {
  const editor: unknown = Reflect.get(content, 'editor');
  return typeof editor === 'object' &&
    editor !== null &&
    'setCursorPosition' in editor
    ? (editor as CodeEditor.IEditor)
    : null;
}

/**
 * The server's file that a profile names, without its content; null if it is none that can be opened.
 */
async function fileOf(
  { path, document }: ICodePlace,
  panel: NotebookPanel | undefined,
  docManager: IDocumentManager
): Promise<Contents.IModel | null> {
  const found = await serverPath(path, panel, docManager, document);
  if (found === null) {
    return null;
  }
  // Asked first: JupyterLab answers what is not there by a dialog.
  const file = await docManager.services.contents.get(found, {
    content: false
  });
  return file.type === 'directory' ? null : file;
}

/**
 * A promise that is given up after a while.
 */
async function limited<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer after ${LIMIT} ms`)),
      LIMIT
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
