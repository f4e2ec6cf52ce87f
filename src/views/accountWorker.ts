import type { FuncIndex } from '../profile/indices';
import { wrapperChain } from '../profile/wrapperChain';
import type { IContext } from './context';
import { clipped, element } from './dom';
import { functionName } from './functionName';
import type { Result } from './result';

/** From this share of a callee's total on, what is told of all its calls is told of these. */
const MOSTLY = 0.95;

/**
 * The function that does a callee's work, where the callee only leads to it, and the way there. The way is that of
 * all its calls: it is told where nearly all of them are from here. What that function took in all stands beside it,
 * unless it reads the same: each step of the way may leave some of the time.
 *
 * @param value - what the callee took here
 * @param link - makes the name of a function that selects it
 */
export function worker(
  result: Result,
  func: FuncIndex,
  value: number,
  { trans, numbers }: IContext,
  link: (func: FuncIndex) => HTMLElement
): HTMLElement[] {
  const { profile, graph, rows } = result;
  // The account is of what was selected last.
  const caller = result.selection().at(-1) ?? func;
  const chain = wrapperChain(graph, func, caller);
  const isMostOfIt = value >= MOSTLY * rows.total[graph.rowOf(func)];
  if (chain.length < 2 || !isMostOfIt) {
    return [];
  }
  const name = (one: FuncIndex) => clipped(functionName(profile, one, trans));
  const amount = (value: number) =>
    numbers.text(value, rows.metric?.unit ?? '');
  const last = chain[chain.length - 1];
  const total = amount(rows.total[graph.rowOf(last)]);
  const between = chain.slice(0, -1);
  const self = between.reduce(
    (sum, one) => sum + rows.self[graph.rowOf(one)],
    0
  );
  const via = trans._n(
    'via %2 frame, %3 own',
    'via %2 frames, %3 own',
    between.length,
    numbers.count(between.length),
    amount(self)
  );
  const way = element('span', {
    className: 'jp-Profiler-count',
    text: total === amount(value) ? via : trans.__('%1 in all, %2', total, via),
    title: clipped(chain.map(name).join(' › '))
  });
  return [
    element('div', { className: 'jp-Profiler-worker' }, [
      element('span', { text: '↳', attributes: { 'aria-hidden': 'true' } }),
      link(last),
      way
    ])
  ];
}
