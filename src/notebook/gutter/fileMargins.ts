import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';

import { isFilePath } from '../places';
import { serverPath } from '../serverPath';
import { EDITOR, openFiles, type IOpenFile } from './editors';
import type { FileHeat } from './fileHeat';
import { showHeat } from './heatGutter';
import { latest } from './heatState';
import type { ResultHeat } from './resultHeat';

/**
 * Shows costs in the margins of files that are open in text editors. Notebook 7 has these in other tabs of the browser.
 */
export class FileMargins {
  /**
   * @param _onChange - told when a file was opened, or it is known what a file of a profile is on the server
   */
  constructor(
    private readonly _shell: JupyterFrontEnd.IShell,
    private readonly _docManager: IDocumentManager,
    private readonly _onChange: () => void
  ) {}

  /**
   * Show in all files that are open what results have of them.
   *
   * @param results - what ran last first; with none, nothing is shown or waited for
   */
  update(results: readonly ResultHeat[]): void {
    this._watch(results.length > 0);
    for (const file of openFiles(this._shell, this._docManager)) {
      const heats = results.flatMap(result => this._heatsOf(file, result));
      showHeat(file.view, latest(heats, file.view.state));
    }
  }

  private _watch(isWanted: boolean): void {
    if (isWanted === this._isWatching) {
      return;
    }
    const created =
      this._docManager.registry.getWidgetFactory(EDITOR)?.widgetCreated;
    this._isWatching = isWanted && created !== undefined;
    if (isWanted) {
      created?.connect(this._onOpened, this);
    } else {
      created?.disconnect(this._onOpened, this);
    }
  }

  private _onOpened(
    sender: unknown,
    { context }: { readonly context: { readonly ready: Promise<void> } }
  ): void {
    context.ready.then(this._onChange, () => undefined);
  }

  /** What a result has of a file, as far as that is known by now. */
  private _heatsOf({ path }: IOpenFile, result: ResultHeat): FileHeat[] {
    return result.files.filter(
      heat =>
        !heat.isCell &&
        mayBe(heat.path, path) &&
        this._serverPath(heat.path, result) === path
    );
  }

  /**
   * The server's path of a file, undefined until it is known. Asked once for each result.
   */
  private _serverPath(path: string, result: ResultHeat): string | undefined {
    const known = this._known.get(result) ?? new Map<string, string>();
    this._known.set(result, known);
    if (!known.has(path)) {
      known.set(path, '');
      const { contents } = this._docManager.services;
      serverPath(path, result.place.panel, this._docManager).then(
        found => {
          if (found !== null) {
            known.set(path, contents.localPath(found));
            this._onChange();
          }
        },
        // The server does not tell: then it is no file of its own.
        () => undefined
      );
    }
    return known.get(path) || undefined;
  }

  private readonly _known = new WeakMap<ResultHeat, Map<string, string>>();
  private _isWatching = false;
}

/**
 * Whether a path of the kernel may be this one of the server, which is asked only then: its end is the same. The kernel's
 * may be in lower case, as on Windows.
 */
function mayBe(path: string, server: string): boolean {
  const ends = `/${path.replace(/\\/g, '/')}`.toLowerCase();
  return isFilePath(path) && ends.endsWith(`/${server.toLowerCase()}`);
}
