import { EditorView } from '@codemirror/view';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';

/** JupyterLab's name of its text editor. */
export const EDITOR = 'Editor';

/** A file that is open in a text editor. */
export interface IOpenFile {
  readonly view: EditorView;
  /** On the server, without the name of a drive. */
  readonly path: string;
}

/**
 * CodeMirror's view of an editor, null if there is none (any more).
 */
export function viewOf(editor: unknown): EditorView | null {
  if (typeof editor !== 'object' || editor === null) {
    return null;
  }
  const view: unknown = Reflect.get(editor, 'editor');
  return view instanceof EditorView &&
    Reflect.get(editor, 'isDisposed') !== true
    ? view
    : null;
}

/**
 * The files that are open in text editors.
 */
export function openFiles(
  shell: JupyterFrontEnd.IShell,
  docManager: IDocumentManager
): IOpenFile[] {
  const files: IOpenFile[] = [];
  for (const widget of shell.widgets('main')) {
    const context = docManager.contextForWidget(widget);
    // Of a package that is not loaded for this.
    const content: unknown = context && Reflect.get(widget, 'content');
    const view =
      typeof content === 'object' &&
      content !== null &&
      viewOf(Reflect.get(content, 'editor'));
    if (context && view) {
      files.push({
        view,
        path: docManager.services.contents.localPath(context.path)
      });
    }
  }
  return files;
}
