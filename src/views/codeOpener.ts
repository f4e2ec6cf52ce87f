import { NONE, type FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import type { IHost, IPanel } from './profileView';
import type { Result } from './result';
import { sourcePanel } from './sourcePanel';

/**
 * Leads from functions to their code.
 */
export class CodeOpener {
  /**
   * @param _shown - the panel that is looked at: it gets the source where the code cannot be reached, and then the
   * focus
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _host: IHost,
    private readonly _shown: () => IPanel | undefined
  ) {}

  /**
   * Go to the code; where that is not possible, show its source as it ran, or why it is not there.
   */
  async open(func: FuncIndex): Promise<void> {
    const { functions, files } = this._result.profile;
    const file = functions.file[func];
    const run = ++this._run;
    const isOpen =
      file !== NONE &&
      (await this._host.open({
        path: files.path[file],
        cell: files.cell[file],
        line: functions.line[func]
      }));
    // What was asked for last counts, whichever answer comes last.
    if (run !== this._run) {
      return;
    }
    this._source?.remove();
    this._source = null;
    if (!isOpen) {
      const source = sourcePanel(this._result, func, this._context, () => {
        source.remove();
        this._shown()?.focus();
      });
      this._source = source;
      this._shown()?.node.append(source);
      source.scrollIntoView({ block: 'nearest' });
    }
  }

  /**
   * Do nothing any more.
   */
  dispose(): void {
    this._run++;
  }

  private _source: HTMLElement | null = null;
  private _run = 0;
}
