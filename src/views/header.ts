import { NONE, type FuncIndex } from '../profile/indices';
import type { IProfile } from '../profile/model';
import { compiledShare, sumOverFunctions } from '../profile/rows';
import { track } from './bar';
import { checkSummary } from './checks';
import { notLoaded, type IContext } from './context';
import { clipped, element, emphasised, MARK } from './dom';
import { hotSpots } from './hotSpots';
import { withLater } from './loadLater';
import { isTimed, type Result } from './result';

/** Share of compiled code from which on it is told. */
export const LEAST_TOLD = 0.01;

/**
 * What ran, how long it took, how it ended, what to be aware of, and how it was measured.
 *
 * @param more - figures in the place of the share of compiled code
 */
export function header(
  result: Result,
  context: IContext,
  more?: readonly Node[]
): HTMLElement {
  const { profile } = result;
  return element('header', { className: 'jp-Profiler-header' }, [
    titleLine(profile, context),
    figures(result, context, more),
    ...notices(result, context),
    ...hotSpots(result, context),
    howMeasured(profile, context)
  ]);
}

function titleLine(profile: IProfile, context: IContext): HTMLElement {
  const { label, started } = profile.meta;
  const source = sourceName(profile, context);
  const parts: Node[] = [
    element('strong', {
      className: 'jp-Profiler-title',
      text: clipped(label || source)
    })
  ];
  if (label) {
    parts.push(element('span', { text: clipped(source) }));
  }
  const time = Date.parse(started ?? '');
  if (started && !Number.isNaN(time)) {
    parts.push(
      element('time', {
        text: new Date(time).toLocaleString(undefined, {
          dateStyle: 'medium',
          timeStyle: 'short'
        }),
        attributes: { datetime: started }
      })
    );
  }
  return element('div', { className: 'jp-Profiler-what' }, parts);
}

/**
 * What was profiled: a cell by its number, a statement or a script by its text.
 */
function sourceName(profile: IProfile, { trans }: IContext): string {
  const { kind, execution, command } = profile.meta.source;
  switch (kind) {
    case 'cell':
      return execution === null
        ? trans.__('Cell')
        : trans.__('Cell [%1]', `${execution}`);
    case 'statement':
      return command ?? trans.__('Statement');
    case 'script':
      return command ?? trans.__('Script');
    case 'file':
      return command ?? trans.__('File');
    default:
      return command ?? trans.__('Profile');
  }
}

/**
 * Wall time, calls, functions: pstats' first line as figures.
 */
function figures(
  result: Result,
  context: IContext,
  more?: readonly Node[]
): HTMLElement {
  const { profile, rows, threads, whole } = result;
  const { trans, numbers } = context;
  const items: Node[][] = [];
  const { wall } = profile.meta;
  if (wall !== null) {
    items.push(
      emphasised(trans.__('%1 wall time', MARK), numbers.text(wall, 'ns'))
    );
  }
  const isTogether = threads > 1;
  if (whole > 0 && (isTogether || (wall === null && isTimed(result)))) {
    items.push(
      emphasised(
        isTogether
          ? trans.__(
              '%1 in %2 threads together, the whole of shares',
              MARK,
              numbers.count(threads)
            )
          : trans.__('%1 total', MARK),
        numbers.text(whole, rows.metric?.unit ?? '')
      )
    );
  }
  const calls = sumOverFunctions(profile, rows, rows.calls);
  if (Number.isFinite(calls) && rows.length > 0) {
    const primitive = sumOverFunctions(profile, rows, rows.primitive);
    const isRecursive = Number.isFinite(primitive) && primitive !== calls;
    items.push(
      emphasised(
        isRecursive
          ? trans.__('%1 calls (%2 primitive)', MARK, numbers.count(primitive))
          : trans._n('%2 call', '%2 calls', calls, MARK),
        numbers.count(calls)
      )
    );
  }
  const { kind } = profile.functions;
  const functions = rows.function.filter(
    func => kind[func as FuncIndex] !== 'pseudo'
  ).length;
  if (functions > 0) {
    items.push(
      emphasised(
        trans._n('%2 function', '%2 functions', functions, MARK),
        numbers.count(functions)
      )
    );
  }
  const share = compiledShare(profile, rows);
  if (more) {
    items.push(...more.map(node => [node]));
  } else if (share >= LEAST_TOLD) {
    items.push([
      ...emphasised(
        trans.__('at least %1 in C', MARK),
        numbers.percentAtLeast(share)
      ),
      languages(share, context)
    ]);
  }
  return element(
    'ul',
    { className: 'jp-Profiler-figures' },
    items.map(item => element('li', {}, item))
  );
}

/**
 * Compiled code and the rest as a bar; the words beside it say the same.
 */
function languages(share: number, { trans, numbers }: IContext): HTMLElement {
  const bar = track([share, 1 - share]);
  bar.classList.add('jp-Profiler-languages');
  bar.title = trans.__(
    'C: at least %1. The rest is Python, waiting, and C that no one calls as a function.',
    numbers.percentAtLeast(share)
  );
  return bar;
}

/**
 * How it ended if not well, what the kernel warns of, and checks that do not hold.
 */
function notices(result: Result, context: IContext): Node[] {
  const { profile, labels } = result;
  const { meta, checks } = profile;
  const nodes: Node[] = [];
  const notice = (text: string, modifier: string) =>
    nodes.push(
      element('p', {
        className: `jp-Profiler-notice jp-mod-${modifier}`,
        text: clipped(text)
      })
    );
  if (meta.status !== 'ok') {
    const file = meta.where?.file ?? NONE;
    const label = file === NONE ? '' : labels[file];
    const { later } = result;
    notice(
      later?.statusSentence(meta, label, context) ?? meta.status,
      meta.status
    );
  }
  for (const { code, text } of meta.warnings) {
    // The sentence on how it ended says the same, and where.
    if (code !== meta.status) {
      notice(text, 'warning');
    }
  }
  for (const { ok, text } of checks) {
    if (ok === false) {
      notice(text, 'warning');
    }
  }
  return nodes;
}

/**
 * Engine and reason on a line, which opens to everything that tells whether the numbers can be trusted.
 */
function howMeasured(profile: IProfile, context: IContext): HTMLElement {
  const { trans } = context;
  const { engine } = profile.meta;
  const name = engine.version
    ? trans.__('%1 %2', engine.name, engine.version)
    : engine.name;
  const checks = checkSummary(profile.checks, context);
  const facts = element('div');
  const details = element('details', { className: 'jp-Profiler-how' }, [
    element('summary', {}, [
      element('span', {
        text: clipped(
          engine.reason
            ? trans.__('Measured with %1: %2', name, engine.reason)
            : trans.__('Measured with %1', name)
        )
      }),
      ...tracingTime(profile, context),
      ...(checks ? [checks] : [])
    ]),
    facts
  ]);
  details.addEventListener('toggle', () => {
    if (details.open && facts.childElementCount === 0) {
      void withLater(
        ({ measurement }) =>
          facts.replaceChildren(...measurement(profile, context)),
        () => {
          // Not an element, so that the next opening tries again.
          facts.textContent = notLoaded(context);
        }
      );
    }
  });
  return details;
}

/**
 * What recording took, starting and stopping the profiler, and making the result small, where that is known.
 */
function tracingTime(
  { checks }: IProfile,
  { trans, numbers }: IContext
): HTMLElement[] {
  const words: Readonly<Record<string, string>> = {
    recording: trans.__('tracing: about %1', MARK),
    tracing: trans.__('start and stop: %1', MARK),
    folding: trans.__('folding: %1', MARK)
  };
  return checks.flatMap(({ id, value, unit }) =>
    value !== null && Object.hasOwn(words, id)
      ? [
          element('span', {
            className: 'jp-Profiler-verdict',
            text: words[id].replace(MARK, numbers.text(value, unit ?? ''))
          })
        ]
      : []
  );
}
