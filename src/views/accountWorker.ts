import { wrapperChain } from '../profile/chains';
import type { FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import { clipped, element } from './dom';
import { functionName } from './functionName';
import type { Result } from './result';

/** From this share of a callee's total on, what is told of all its calls is told of these. */
const MOSTLY = 0.95;

/**
 * The function that does a callee's work, where the callee only leads to it, and the way there. The way is that of
 * all its calls: it is told where nearly all of them are from here.
 *
 * @param value - what the callee took here
 * @param link - makes the name of a function that selects it
 */
export function worker(
  { profile, graph, rows }: Result,
  func: FuncIndex,
  value: number,
  { trans, numbers }: IContext,
  link: (func: FuncIndex) => HTMLElement
): HTMLElement[] {
  const chain = wrapperChain(graph, func);
  const isMostOfIt = value >= MOSTLY * rows.total[graph.rowOf(func)];
  if (chain.length < 2 || !isMostOfIt) {
    return [];
  }
  const name = (one: FuncIndex) => clipped(functionName(profile, one, trans));
  const between = chain.slice(0, -1);
  const self = between.reduce(
    (sum, one) => sum + rows.self[graph.rowOf(one)],
    0
  );
  const way = element('span', {
    className: 'jp-Profiler-count',
    text: trans._n(
      'via %2 frame, %3 own',
      'via %2 frames, %3 own',
      between.length,
      numbers.count(between.length),
      numbers.text(self, rows.metric?.unit ?? '')
    ),
    title: clipped(chain.map(name).join(' › '))
  });
  return [
    element('div', { className: 'jp-Profiler-worker' }, [
      element('span', { text: '↳', attributes: { 'aria-hidden': 'true' } }),
      link(chain[chain.length - 1]),
      way
    ])
  ];
}
