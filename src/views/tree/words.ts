import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import type { ICallTree } from '../../profile/tree/callTree';
import type { IContext } from '../context';
import { clipped } from '../dom';
import { placeTitle, wholeName } from '../functionName';
import type { Result } from '../result';
import { signedName } from '../signs';

/** Which way a tree is read: to callees, or to callers. */
export type Direction = 'callees' | 'callers';

/** A box of a tree. */
export interface IBox {
  readonly tree: ICallTree;
  readonly node: TreeIndex;
  readonly direction: Direction;
  /** What shares are shares of. */
  readonly whole: number;
}

/**
 * What is said of boxes: beside the pointer, and to who does not see them.
 */
export class BoxWords {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext
  ) {}

  /**
   * A function's name for the reader.
   */
  name(func: FuncIndex): string {
    const { trans } = this._context;
    return clipped(signedName(this._result.profile, func, trans));
  }

  /**
   * The whole of it, for files.
   */
  whole(func: FuncIndex): string {
    const { trans } = this._context;
    return clipped(wholeName(this._result.profile, func, trans));
  }

  /**
   * Name and whole place.
   */
  title(func: FuncIndex): string {
    const { trans } = this._context;
    return clipped(placeTitle(this._result.profile, func, trans));
  }

  /**
   * A value of the tree's metric.
   */
  value(tree: ICallTree, value: number): string {
    return this._context.numbers.text(value, tree.metric.unit);
  }

  /**
   * What is said of a box, line by line. The first line is its name.
   */
  lines({ tree, node, direction, whole }: IBox): readonly string[] {
    const { trans, numbers } = this._context;
    const { profile, labels } = this._result;
    const func = tree.func[node];
    const file = profile.functions.file[func];
    const line = profile.functions.line[func];
    const total = this.value(tree, tree.total[node]);
    const share = numbers.percent(ratio(tree.total[node], whole));
    const parent = tree.parent[node];
    const lines = [this.name(func)];
    if (file !== NONE) {
      lines.push(clipped(line > 0 ? `${labels[file]}:${line}` : labels[file]));
    }
    if (direction === 'callees') {
      lines.push(
        parent === NONE
          ? trans.__('total %1, %2 of all', total, share)
          : trans.__(
              'total %1, %2 of all, %3 of its caller',
              total,
              share,
              numbers.percent(tree.total[node] / tree.total[parent])
            ),
        trans.__(
          'own %1, %2 of it',
          this.value(tree, tree.self[node]),
          numbers.percent(ratio(tree.self[node], tree.total[node]))
        )
      );
    } else if (parent === NONE) {
      lines.push(trans.__('%1, %2 of all', total, share));
    } else {
      lines.push(
        trans.__(
          '%1 when called from here, %2 of all, %3 of the box before',
          total,
          share,
          numbers.percent(tree.total[node] / tree.total[parent])
        )
      );
      // What goes no further: here the calls began.
      if (tree.self[node] > 0) {
        lines.push(
          trans.__('%1 began here', this.value(tree, tree.self[node]))
        );
      }
    }
    const calls = tree.calls?.[node];
    if (calls !== undefined && Number.isFinite(calls)) {
      lines.push(trans._n('%2 call', '%2 calls', calls, numbers.count(calls)));
    }
    if (tree.rest?.[node]) {
      lines.push(
        trans.__('%1 not expanded', this.value(tree, tree.rest[node]))
      );
    }
    if (tree.estimated?.[node]) {
      lines.push(trans.__('an estimate'));
    }
    return lines;
  }

  /**
   * A box in a sentence.
   */
  sentence(box: IBox): string {
    const [name, ...rest] = this.lines(box);
    const { trans, numbers } = this._context;
    return [
      name,
      ...rest,
      trans.__('level %1', numbers.count(box.tree.depth[box.node] + 1))
    ].join(', ');
  }
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : NaN;
}
