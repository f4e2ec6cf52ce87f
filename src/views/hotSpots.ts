import type { FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import { element } from './dom';
import { functionLink } from './functionName';
import { isTimed, type Result } from './result';

/** Functions that are named. */
const MOST = 3;

/** Below this share of the whole, a function is no hot spot. */
const LEAST_SHARE = 0.03;

/**
 * The functions whose own code took most of the time, each a button that selects it: the answer before the table.
 *
 * @returns nothing where no function stands out
 */
export function hotSpots(result: Result, { trans, numbers }: IContext): Node[] {
  const { profile, rows } = result;
  const hottest = Array.from(rows.self.keys())
    .filter(row => result.share(rows.self[row]) >= LEAST_SHARE)
    .sort((a, b) => rows.self[b] - rows.self[a])
    .slice(0, MOST)
    .map(row => rows.function[row] as FuncIndex);
  if (hottest.length === 0) {
    return [];
  }
  const spot = (func: FuncIndex) => {
    const link = functionLink(profile, func, trans, () =>
      result.update({
        view: 'functions',
        selection: [result.keys.keyOf(func)]
      })
    );
    const self = rows.self[result.graph.rowOf(func)];
    return element('li', {}, [
      link,
      element('span', {
        text: `\u00a0${numbers.percent(result.share(self))}`
      })
    ]);
  };
  return [
    element('div', { className: 'jp-Profiler-hot' }, [
      element('span', {
        text: isTimed(result)
          ? trans.__('Most own time:')
          : trans.__('Most of their own:')
      }),
      element('ul', {}, hottest.map(spot))
    ])
  ];
}
