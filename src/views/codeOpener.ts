import { NONE, type FuncIndex } from '../profile/indices';
import { LineSources } from '../profile/lineSource';
import type { IProfile } from '../profile/model';
import type { ICodePlace } from '../tokens';
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
   * Go to the code, or to what its lines took.
   */
  open(func: FuncIndex, isForLines = false): Promise<void> {
    return isForLines ? this._openLines(func) : this._openCode(func);
  }

  /**
   * Do nothing any more.
   */
  dispose(): void {
    this._run++;
  }

  /**
   * Where going there is not possible, or another text stands there now, show its source as it ran, or why it is not
   * there.
   */
  private async _openCode(func: FuncIndex): Promise<void> {
    const place = this._place(func);
    const run = ++this._run;
    const shown = place !== null && (await this._host.open(place));
    // What was asked for last counts, whichever answer comes last.
    if (run !== this._run) {
      return;
    }
    this._source?.remove();
    this._source = null;
    if (shown !== true) {
      const close = () => {
        source.remove();
        this._shown()?.focus();
      };
      const source = sourcePanel(
        this._result,
        func,
        shown === 'changed',
        this._context,
        close
      );
      this._source = source;
      this._shown()?.node.append(source);
      source.scrollIntoView({ block: 'nearest' });
    }
  }

  /**
   * Go to the lines of a function; where they were not measured, have the cell run again and measure them: they are
   * shown with the next result.
   */
  private async _openLines(func: FuncIndex): Promise<void> {
    const { profile, state } = this._result;
    this._result.select([func]);
    // What is remembered now is what the next result begins with.
    this._result.update({ view: 'lines' });
    const place = placeOf(this._result.profile, func);
    const isThere = profile.lines.function.includes(func);
    if (!isThere && !(place && (await this._host.profileLines?.(place)))) {
      this._result.update({ view: state.view });
    }
  }

  /** Where a function begins, with the line as it ran. */
  private _place(func: FuncIndex): ICodePlace | null {
    const { profile } = this._result;
    const place = placeOf(profile, func);
    this._sources ??= new LineSources(profile);
    return (
      place && {
        ...place,
        text:
          this._sources.text(profile.functions.file[func], place.line) ??
          undefined
      }
    );
  }

  private _sources: LineSources | null = null;

  private _source: HTMLElement | null = null;
  private _run = 0;
}

/**
 * Where a function begins; null if it has no file.
 */
export function placeOf(
  { functions, files }: IProfile,
  func: FuncIndex
): ICodePlace | null {
  const file = functions.file[func];
  return file === NONE
    ? null
    : {
        path: files.path[file],
        cell: files.cell[file],
        line: functions.line[func]
      };
}
