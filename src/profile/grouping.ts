import { sumOfKnown } from './combine';
import type { Entry, IGroupEntry, IGrouping, IRowEntry } from './functionList';
import { Groups, type GroupBy, type IGroup } from './groups';
import type { RowIndex } from './indices';
import type { IProfile } from './model';
import type { IFunctionRows } from './rows';
import type { ISortKey } from './sort';

/**
 * Lists functions by file or package: a row a group, and under those that are open their functions.
 */
export class Grouping implements IGrouping {
  /**
   * @param labels - what files are called on screen
   */
  constructor(
    private readonly _profile: IProfile,
    private readonly _rows: IFunctionRows,
    labels: readonly string[]
  ) {
    this._groups = new Groups(_profile, labels);
  }

  entries(
    rows: readonly RowIndex[],
    { column, descending }: ISortKey,
    by: GroupBy,
    open: ReadonlySet<string>
  ): readonly Entry[] {
    const members = new Map<IGroup, RowIndex[]>();
    for (const row of rows) {
      const group = this._groups.of(this._rows.function[row], by);
      const list = members.get(group);
      if (list) {
        list.push(row);
      } else {
        members.set(group, [row]);
      }
    }
    const { calls, self } = this._rows;
    const isCalled = (row: RowIndex) =>
      this._profile.functions.kind[this._rows.function[row]] !== 'pseudo';
    const groups = [...members].map(([group, list]): IGroupEntry => {
      const called = list.filter(isCalled);
      const count = sumOfKnown(calls, called);
      return {
        kind: 'group',
        group,
        rows: list.length,
        calls: count,
        self: sumOfKnown(self, list),
        selfPerCall: count > 0 ? sumOfKnown(self, called) / count : NaN,
        isOpen: open.has(group.key)
      };
    });
    // Groups stay as their first rows come where names are ordered; a group has no total to order by.
    const sign = descending ? -1 : 1;
    if (column === 'calls' || column === 'primitive') {
      groups.sort((a, b) => (a.calls - b.calls || 0) * sign);
    } else if (
      column === 'self' ||
      column === 'selfPerCall' ||
      column === 'total' ||
      column === 'totalPerCall'
    ) {
      groups.sort((a, b) => (a.self - b.self || 0) * sign);
    }
    return groups.flatMap((group): Entry[] => [
      group,
      ...(group.isOpen
        ? (members.get(group.group) ?? []).map((row): IRowEntry => ({
            kind: 'row',
            row,
            level: 1
          }))
        : [])
    ]);
  }

  private readonly _groups: Groups;
}
