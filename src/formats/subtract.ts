import type { IProfile, ValueKey, Values } from '../profile/model';
import { addProfiles } from './add';

/**
 * A profile less a baseline: of each function, call path, caller and line the one value minus the other, as
 * igprof-analyse's `-b`. What the baseline alone has is below 0. Values that do not sum have no difference; they are left
 * out, and that is said.
 *
 * Throws `FormatError` for profiles of different kinds.
 *
 * ```
 * const change = subtractProfile(await readProfile(after, 'after.pp'), await readProfile(before, 'before.pp'));
 * ```
 */
export function subtractProfile(
  profile: IProfile,
  baseline: IProfile
): IProfile {
  const both = [profile, baseline];
  const lost = both.flatMap(({ metrics }) =>
    metrics.filter(({ combine }) => combine !== 'sum')
  );
  const [kept, taken] = both.map(onlySums);
  const difference = addProfiles([kept, negated(taken)]);
  const [label, less] = both.map(({ meta }) => meta.label);
  const texts = [
    `Values are those of ${label} less those of ${less}: above 0 is more than in ${less}, below 0 is less.`,
    ...new Set(
      lost.map(
        one => `Values of ${one.label} have no difference, and are left out.`
      )
    )
  ];
  return {
    ...difference,
    meta: {
      ...difference.meta,
      label: `${label} − ${less}`,
      wall: null,
      warnings: [
        ...texts.map(text => ({ code: 'difference', text })),
        ...difference.meta.warnings
      ]
    },
    threads: {
      ...difference.threads,
      wall: new Float64Array(difference.threads.length)
    },
    // What adds up in each of them says nothing of their difference.
    checks: []
  };
}

/** The profile without values that do not sum. */
function onlySums(profile: IProfile): IProfile {
  const isSum = new Set(
    profile.metrics.filter(m => m.combine === 'sum').map(({ id }) => id)
  );
  return {
    ...withValues(profile, values =>
      [...values].filter(([key]) => isSum.has(key.slice(key.indexOf('.') + 1)))
    ),
    metrics: profile.metrics.filter(({ id }) => isSum.has(id))
  };
}

function negated(profile: IProfile): IProfile {
  return withValues(profile, values =>
    // Not `-value`, which may be -0.
    [...values].map(([key, column]) => [key, column.map(value => 0 - value)])
  );
}

/** The profile with other values in its tables. */
function withValues(
  profile: IProfile,
  change: (values: Values) => [ValueKey, Float64Array][]
): IProfile {
  const changed = <T extends { readonly values: Values }>(table: T): T => ({
    ...table,
    values: new Map(change(table.values))
  });
  return {
    ...profile,
    totals: changed(profile.totals),
    edges: changed(profile.edges),
    paths: changed(profile.paths),
    lines: changed(profile.lines)
  };
}
