import { COMPILED } from '../profile/categories';
import { NONE, type FuncIndex } from '../profile/indices';
import type { IContext } from './context';
import { button } from './dom';
import type { Result } from './result';

/**
 * Has the profile's cell run again, and what is below a compiled function sampled: the next result is about the same
 * function, or about the Python function that called it most where the function is not there by its name.
 *
 * @returns nothing where a function is no compiled one, or is sampled already
 */
export function nativeButton(
  result: Result,
  func: FuncIndex,
  { trans }: IContext
): HTMLElement[] {
  const { profile, profileNatively } = result;
  const { kind } = profile.functions;
  if (
    !profileNatively ||
    !COMPILED.has(kind[func]) ||
    kind[func] === 'native'
  ) {
    return [];
  }
  const run = async () => {
    const { selection } = result.state;
    // What is remembered now is what the next result begins with.
    result.select([...pythonCaller(result, func), func]);
    if (!(await profileNatively())) {
      result.update({ selection });
    }
  };
  return [
    button(trans.__('Profile natively'), () => void run(), {
      title: trans.__(
        'Run the cell again and sample it: the C and C++ functions that this one called are told apart.'
      ),
      attributes: { 'data-focus': 'native' }
    })
  ];
}

/** The Python function that called it most. */
function pythonCaller(
  { graph, profile }: Result,
  func: FuncIndex
): FuncIndex[] {
  let most = -Infinity;
  let found: FuncIndex | typeof NONE = NONE;
  for (const { caller, total } of graph.callers(func)) {
    if (profile.functions.kind[caller] === 'python' && total > most) {
      most = total;
      found = caller;
    }
  }
  return found === NONE ? [] : [found];
}
