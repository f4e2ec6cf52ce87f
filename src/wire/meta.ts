/**
 * What stands beside the tables: meta, metrics, checks, view.
 */
import { NONE, type FileIndex } from '../profile/indices';
import {
  SOURCE_KINDS,
  STATUSES,
  type ICheck,
  type IMeta,
  type IMetric,
  type IViewHints,
  type IWhere,
  type Limit
} from '../profile/model';
import { describe, WireError } from './error';
import { listAt, ObjectReader } from './json';

/**
 * Read `meta`. Keys that are missing are null, "", or `ok`.
 *
 * @param fileCount - length of the file table, which `where` points into
 */
export function readMeta(value: unknown, fileCount: number): IMeta {
  const meta = new ObjectReader(value, 'meta');
  const source = meta.optionalObject('source');
  const engine = meta.optionalObject('engine');
  return {
    label: meta.text('label', ''),
    started: meta.optionalText('started'),
    wall: meta.optionalWhole('wall'),
    status: known(STATUSES, meta.text('status', 'ok')),
    where: readWhere(meta, fileCount),
    source: {
      kind: known(SOURCE_KINDS, source.text('kind', 'other')),
      cell: source.optionalText('cell'),
      execution: source.optionalWhole('execution'),
      command: source.optionalText('command')
    },
    engine: {
      name: engine.text('name', ''),
      version: engine.text('version', ''),
      reason: engine.text('reason', ''),
      clock: engine.text('clock', '')
    },
    python: meta.optionalText('python'),
    platform: meta.optionalText('platform'),
    warnings: meta.objects('warnings', warning => ({
      code: warning.text('code', ''),
      text: warning.text('text')
    }))
  };
}

/**
 * Read one item of `metrics`.
 */
export function readMetric(metric: ObjectReader): IMetric {
  const id = metric.text('id');
  if (!/^[a-z][a-z0-9_]*$/.test(id)) {
    throw new WireError(
      metric.where('id'),
      'small letters, digits and underscores',
      describe(id)
    );
  }
  const tick = metric.number('tick', 1);
  if (tick <= 0) {
    throw new WireError(metric.where('tick'), 'a number above 0', `${tick}`);
  }
  return {
    id,
    label: metric.text('label', id),
    unit: metric.text('unit'),
    tick,
    exact: metric.flag('exact', true),
    combine: metric.text('combine', 'sum')
  };
}

/**
 * Read one item of `checks`.
 */
export function readCheck(check: ObjectReader): ICheck {
  return {
    id: check.text('id'),
    text: check.text('text'),
    ok: check.optionalFlag('ok'),
    value: check.optionalNumber('value'),
    expected: check.optionalNumber('expected'),
    tolerance: check.optionalNumber('tolerance'),
    unit: check.optionalText('unit')
  };
}

/**
 * Read `view`.
 */
export function readView(view: ObjectReader): IViewHints {
  const sort = listAt(view.raw('sort'), view.where('sort'));
  return {
    sort: sort.map((key, i) => {
      if (typeof key !== 'string') {
        throw new WireError(
          `${view.where('sort')}[${i}]`,
          'a text',
          describe(key)
        );
      }
      return key;
    }),
    limits: view
      .objects('limits', readLimit)
      .filter(limit => limit !== null)
  };
}

/**
 * The text if it is one of those that are known, else `other`.
 */
export function known<T extends string>(
  choices: readonly T[],
  text: string
): T | 'other' {
  return choices.find(choice => choice === text) ?? 'other';
}

function readWhere(meta: ObjectReader, fileCount: number): IWhere | null {
  if (meta.raw('where') === undefined || meta.raw('where') === null) {
    return null;
  }
  const where = meta.object('where');
  const file = where.whole('file', 0);
  if (file > fileCount) {
    throw new WireError(
      where.where('file'),
      `a reference up to ${fileCount}`,
      `${file}`
    );
  }
  return {
    file: (file === 0 ? NONE : file - 1) as FileIndex,
    line: where.whole('line', 0),
    text: where.text('text', '')
  };
}

/**
 * A restriction; null if it is of a kind that is not known.
 */
function readLimit(limit: ObjectReader): Limit | null {
  if (limit.raw('count') !== undefined) {
    return { count: limit.whole('count') };
  }
  if (limit.raw('fraction') !== undefined) {
    return { fraction: limit.number('fraction') };
  }
  return limit.raw('regex') !== undefined
    ? { regex: limit.text('regex') }
    : null;
}
