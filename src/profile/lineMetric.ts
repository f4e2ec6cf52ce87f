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
