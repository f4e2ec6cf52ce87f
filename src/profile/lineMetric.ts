import { combinationOf } from './combine';
import type { IMetric, IProfile } from './model';

/** Time, else the first metric of the lines that does not merely count. */
export function lineMetric({ metrics, lines }: IProfile): IMetric | null {
  const isThere = ({ id }: IMetric) =>
    lines.values.has(`total.${id}`) || lines.values.has(`self.${id}`);
  const there = metrics.filter(isThere);
  return (
    there.find(({ id }) => id === 'time') ??
    there.find(({ id }) => id !== 'hits' && id !== 'calls') ??
    null
  );
}

/**
 * What shares of lines are shares of, in the metric's unit: the wall time; of what is no time, or where that is not
 * known, all that the call paths own. At least what the hottest took, as threads side by side do: that is all where
 * nothing else is known. NaN if nothing was taken.
 *
 * @param metric - of the lines
 * @param hottest - what the hottest took
 */
export function lineWhole(
  { meta, paths }: Pick<IProfile, 'meta' | 'paths'>,
  metric: IMetric | null,
  hottest: number
): number {
  const wall = metric?.unit === 'ns' ? meta.wall : null;
  const whole = Math.max(wall || ownOf(paths, metric), hottest || 0);
  return whole > 0 && Number.isFinite(whole) ? whole : NaN;
}

/** All that call paths own of a metric; 0 if that is not known. */
function ownOf({ values }: IProfile['paths'], metric: IMetric | null): number {
  const own = metric && values.get(`self.${metric.id}`);
  const of = metric && combinationOf(metric)?.of;
  return own && of ? own.reduce(of, 0) * metric.tick : 0;
}
