import { LANGUAGES, ownByLanguage } from '../../profile/language';
import type { IMetric, IProfile } from '../../profile/model';
import type { IContext } from '../context';
import { clipped, element, emphasised, MARK } from '../dom';
import { languageName } from './compiled';

/** Share from which on a language is named. */
const LEAST_NAMED = 0.001;

/**
 * The metric that views show of a profile.
 */
export function shownMetric({ metrics }: IProfile): IMetric | null {
  return (
    metrics.find(({ id }) => id === 'time') ??
    metrics.find(({ id }) => id !== 'calls') ??
    null
  );
}

/**
 * Metrics that functions have values of: of lines alone there is nothing to switch.
 */
export function countersOf({
  metrics,
  totals,
  paths
}: IProfile): readonly IMetric[] {
  const { values } = totals.length > 0 ? totals : paths;
  return metrics.filter(({ id }) => id !== 'calls' && values.has(`self.${id}`));
}

/**
 * What the header tells of a profile with compiled frames or several metrics.
 *
 * @param whole - as it was measured
 * @param shown - as it is shown
 */
export function figuresOf(
  whole: IProfile,
  shown: IProfile,
  context: IContext
): readonly Node[] {
  return [
    ...coverage(whole, context),
    ...memory(whole, context),
    ...languages(shown, context)
  ].map(parts => element('span', {}, parts));
}

/**
 * The time that samples account for, of that which the process took.
 */
function coverage(
  { checks }: IProfile,
  { trans, numbers }: IContext
): (readonly Node[])[] {
  return checks.flatMap(({ id, ok, text, value, expected, unit }) => {
    if (id !== 'coverage' || value === null || expected === null) {
      return [];
    }
    const amount = (number: number) => numbers.text(number, unit ?? 'ns');
    return [
      emphasised(
        trans.__('%1 of CPU time covered by samples', MARK),
        trans.__('%1 of %2', amount(value), amount(expected)),
        {
          title: text,
          className: ok === false ? 'jp-Profiler-little' : ''
        }
      )
    ];
  });
}

/** Checks that say where memory went: of the peak with the line that held it, and of languages. */
const TOLD = ['memory-peak', 'memory-split'];

/**
 * Sentences that belong beside the figures: others are among what tells how it was measured.
 */
export function sentencesOf({ checks }: IProfile): readonly Node[] {
  return checks
    .filter(({ id }) => TOLD.includes(id))
    .map(({ text }) =>
      element('p', { className: 'jp-Profiler-note', text: clipped(text) })
    );
}

/** Of memory: what was held, allocated, and not freed. */
function memory(
  profile: IProfile,
  { trans, numbers }: IContext
): (readonly Node[])[] {
  const words: readonly (readonly [id: string, text: string])[] = [
    ['peak_bytes', trans.__('peak %1', MARK)],
    ['bytes', trans.__('%1 allocated in all', MARK)],
    ['allocations', trans.__('%1 allocations', MARK)],
    ['live_bytes', trans.__('%1 not freed', MARK)]
  ];
  return words.flatMap(([id, text]) => {
    const metric = countersOf(profile).find(one => one.id === id);
    return metric?.combine === 'sum'
      ? [emphasised(text, numbers.text(sumOf(profile, metric), metric.unit))]
      : [];
  });
}

function sumOf({ totals, paths }: IProfile, { id, tick }: IMetric): number {
  const own = (totals.length > 0 ? totals : paths).values.get(`self.${id}`);
  let sum = 0;
  own?.forEach(value => (sum += value));
  return sum * tick;
}

/**
 * The share of each language as a bar, and in words beside it.
 */
function languages(
  shown: IProfile,
  { trans, numbers }: IContext
): (readonly Node[])[] {
  const metric = shownMetric(shown);
  const own = metric && ownByLanguage(shown, metric.id);
  const sum = own ? [...own.values()].reduce((all, one) => all + one, 0) : 0;
  const hasNative = shown.functions.kind.includes('native');
  if (!own || !(sum > 0) || !hasNative) {
    return [];
  }
  const parts = LANGUAGES.map(language => ({
    language,
    share: (own.get(language) ?? 0) / sum
  })).filter(({ share }) => share >= LEAST_NAMED);
  const bar = element(
    'span',
    {
      className: 'jp-Profiler-languageBar',
      attributes: { 'aria-hidden': 'true' }
    },
    parts.map(({ language, share }) => {
      const part = element('span', { className: `jp-mod-${language}` });
      part.style.flexGrow = `${share}`;
      return part;
    })
  );
  const words = element(
    'span',
    { className: 'jp-Profiler-languageWords' },
    parts.map(({ language, share }) =>
      element('span', {}, [
        element('span', {
          className: `jp-Profiler-languageSwatch jp-mod-${language}`,
          attributes: { 'aria-hidden': 'true' }
        }),
        trans.__('%1 %2', languageName(language, trans), numbers.percent(share))
      ])
    )
  );
  return [[bar, words]];
}
