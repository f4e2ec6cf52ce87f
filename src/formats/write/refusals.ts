import type { IMetric, IPaths, IProfile } from '../../profile/model';

/**
 * Why profiles cannot be written, each a sentence without a full stop; null where they can. `formats/` of the Python
 * package refuses the same in the same words.
 */

/** Why a profile is no file of pstats. */
export function noPstats(profile: IProfile): string | null {
  const { totals, edges, paths, metrics } = profile;
  const held = 'and a file of pstats holds calls and times of functions';
  if (!hasFunctions(profile)) {
    return `This profile has times of lines alone, ${held}`;
  }
  const { length, values } = totals.length > 0 ? totals : paths;
  const measured = metrics.map(({ id }) => id).join(', ') || 'nothing';
  if (length > 0 && !values.has('self.calls')) {
    return `This profile has no calls, but ${measured}, ${held}`;
  }
  if (length > 0 && !metrics.some(({ id }) => id === 'time')) {
    return `This profile has no times, but ${measured}, ${held}`;
  }
  return length > 0 || edges.length > 0
    ? null
    : 'This profile has no functions, and pstats opens no file without any';
}

/** Why a profile is no file of line_profiler. */
export function noLprof({ lines }: IProfile): string | null {
  const held = 'which is what an .lprof file holds';
  if (lines.length === 0) {
    return `This profile has no times of lines, ${held}`;
  }
  return lines.values.has('self.hits') &&
    (lines.values.has('self.time') || lines.values.has('total.time'))
    ? null
    : `This profile has no hits of lines, ${held}`;
}

/** Why a profile is no file of stacks. */
export function noStacks(profile: IProfile): string | null {
  const { metrics, paths } = profile;
  if (paths.length > 0) {
    return mainMetric(metrics, paths)
      ? null
      : 'This profile has call paths with no times or samples, and the file would hold those';
  }
  const measured = hasFunctions(profile)
    ? 'sums of functions and callers'
    : 'times of lines';
  return `This profile has no call paths, but ${measured}, and the file would hold call paths`;
}

/**
 * What call paths are written with: time, else samples, else the first metric that does not merely count calls.
 */
export function mainMetric(
  metrics: readonly IMetric[],
  { values }: IPaths
): IMetric | null {
  const known = metrics.filter(({ id }) => values.has(`self.${id}`));
  return (
    known.find(({ id }) => id === 'time') ??
    known.find(({ id }) => id === 'samples') ??
    known.find(({ id }) => id !== 'calls' && id !== 'hits') ??
    null
  );
}

/** Whether functions were measured, and not lines alone. */
function hasFunctions({ totals, paths, lines }: IProfile): boolean {
  return totals.length > 0 || paths.length > 0 || lines.length === 0;
}
