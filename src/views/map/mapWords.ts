import { NONE, type FuncIndex, type TreeIndex } from '../../profile/indices';
import type { ILocation } from '../../profile/locationTree';
import { categoryName } from '../categories';
import type { IContext } from '../context';
import { clipped } from '../dom';
import { placeTitle, shortPlace } from '../functionName';
import type { Result } from '../result';
import { signedName } from '../signs';
import type { IMapShown } from './mapModel';

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * What is said of the boxes of a map.
 */
export class MapWords {
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext
  ) {}

  /** A location's name; of a function, its own. */
  location({ name, category }: ILocation): string {
    return clipped(name || categoryName(category, this._context.trans));
  }

  /** A function's name. */
  func(func: FuncIndex): string {
    const { trans } = this._context;
    return clipped(signedName(this._result.profile, func, trans));
  }

  /** Name and whole place of a function. */
  funcTitle(func: FuncIndex): string {
    const { trans } = this._context;
    return clipped(placeTitle(this._result.profile, func, trans));
  }

  name({ tree, places }: IMapShown, node: TreeIndex): string {
    const place = places?.[node];
    return place && place.kind !== 'function'
      ? this.location(place)
      : this.func(tree.func[node]);
  }

  /** A box's name in a table: of what many files have, as `<module>`, with its place. */
  row(shown: IMapShown, node: TreeIndex): string {
    const name = this.name(shown, node);
    const func = shown.tree.func[node];
    if (!/^<.+>$/.test(name) || func === NONE) {
      return name;
    }
    const { profile, labels } = this._result;
    return `${name} ${clipped(shortPlace(profile, func, labels))}`.trim();
  }

  title({ tree, places }: IMapShown, node: TreeIndex): string {
    const place = places?.[node];
    return place && place.kind !== 'function'
      ? clipped(place.path || this.location(place))
      : this.funcTitle(tree.func[node]);
  }

  /** `NAME@FILE:LINE [TIME]`, or its share of the root. */
  label(shown: IMapShown, node: TreeIndex): string {
    const { trans } = this._context;
    const { tree, places } = shown;
    const name = isolated(this.name(shown, node));
    const amount = this.amount(shown, tree.total[node]);
    const place =
      places && places[node].kind !== 'function'
        ? ''
        : shortPlace(
            this._result.profile,
            tree.func[node],
            this._result.labels
          );
    return place
      ? trans.__('%1@%2 [%3]', name, isolated(clipped(place)), amount)
      : trans.__('%1 [%2]', name, amount);
  }

  /** A value, or its share of the root. */
  amount({ tree, whole }: IMapShown, value: number): string {
    const { numbers } = this._context;
    return this._result.state.percent
      ? numbers.percent(value / whole)
      : numbers.text(value, tree.metric.unit);
  }

  /** What is said of a box, line by line; the first one is its name. */
  lines(shown: IMapShown, node: TreeIndex): readonly string[] {
    const { trans, numbers } = this._context;
    const { tree, places, whole } = shown;
    const value = (amount: number) => numbers.text(amount, tree.metric.unit);
    const isFunction = !places || places[node].kind === 'function';
    const place =
      isFunction && tree.func[node] !== NONE
        ? shortPlace(this._result.profile, tree.func[node], this._result.labels)
        : (places?.[node].path ?? '');
    const calls = tree.calls?.[node] ?? NaN;
    const rest = tree.rest?.[node] ?? 0;
    return [
      this.name(shown, node),
      ...(place ? [clipped(place)] : []),
      trans.__(
        'total %1, %2 of the map',
        value(tree.total[node]),
        numbers.percent(tree.total[node] / whole)
      ),
      trans.__(
        'own %1, %2 of it',
        value(tree.self[node]),
        numbers.percent(tree.self[node] / tree.total[node])
      ),
      ...(Number.isFinite(calls)
        ? [trans._n('%2 call', '%2 calls', calls, numbers.count(calls))]
        : []),
      ...(rest > 0 ? [trans.__('%1 not expanded', value(rest))] : []),
      ...(tree.estimated?.[node] ? [trans.__('an estimate')] : [])
    ];
  }

  /** A box in a sentence. */
  sentence(shown: IMapShown, node: TreeIndex): string {
    const { trans, numbers } = this._context;
    return [
      ...this.lines(shown, node),
      trans.__('level %1', numbers.count(shown.tree.depth[node] + 1))
    ].join(', ');
  }
}

/** A text that does not turn round what stands beside it. */
function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
