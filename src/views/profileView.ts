import type { IProfile } from '../profile/model';
import { functionRows } from '../profile/rows';
import type { IContext } from './context';
import { element } from './dom';
import type { IDrawn } from './draw';
import { FunctionTable } from './functionTable';
import { header } from './header';
import { PlainKeys } from './plainKeys';

/**
 * A profile: what ran, and the table of its functions.
 */
export class ProfileView implements IDrawn {
  constructor(profile: IProfile, context: IContext) {
    const rows = functionRows(profile);
    this.node = element('div', { className: 'jp-Profiler-view' }, [
      header(profile, rows, context)
    ]);
    this._keys = new PlainKeys(this.node);
    if (rows.length > 0) {
      this._table = new FunctionTable(profile, rows, context);
      this.node.append(this._table.node);
    } else {
      this.node.append(
        element('p', {
          className: 'jp-Profiler-note',
          text: noFunctions(profile, context)
        })
      );
    }
  }

  readonly node: HTMLElement;
  readonly state = 'ready';

  layout(): void {
    this._table?.layout();
  }

  dispose(): void {
    this._keys.dispose();
    this._table?.dispose();
    this._table = null;
    this.node.remove();
  }

  private readonly _keys: PlainKeys;
  private _table: FunctionTable | null = null;
}

/**
 * Why there is no table of functions. That none was called is only said where nothing else was measured.
 */
function noFunctions(profile: IProfile, { trans }: IContext): string {
  if (profile.lines.length > 0) {
    return trans.__('This profile has times of lines and none of functions.');
  }
  return profile.edges.length > 0 || profile.hasUnknownTables
    ? trans.__('This profile holds no functions.')
    : trans.__('No function was called.');
}
