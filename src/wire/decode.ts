import type { IMetric, IProfile } from '../profile/model';
import { describe, WireError } from './error';
import { listAt, objectAt, ObjectReader, property } from './json';
import { SCHEMA } from './layout';
import { MAX_CHARACTERS, MAX_METRICS, MAX_STRINGS } from './limits';
import { readCheck, readMeta, readMetric, readView } from './meta';
import { hasUnknownTables, readTables } from './tables';
import { checkPaths, checkSources, checkThreads } from './order';
import { upgrade } from './upgrade';

/**
 * Read a payload, whatever it is.
 *
 * @param payload - parsed JSON that nobody has checked; it is not changed
 * @returns the profile, every index and length in it checked
 *
 * Rejects with `WireError`, and nothing else, for what is not of the format, too large, or of a newer version.
 *
 * ```
 * const profile = await decode(model.data[PROFILE_MIME]);
 * ```
 */
export async function decode(payload: unknown): Promise<IProfile> {
  const top = upgraded(payload);
  const metrics = readMetrics(top);
  const strings = readStrings(property(top.object, 'strings'));
  const tables = await readTables(top.reader.raw('tables'), strings, metrics);
  checkPaths(tables.paths);
  checkThreads(tables.threads);
  checkSources(tables.sources);
  return {
    generator: top.reader.text('generator', ''),
    meta: readMeta(top.reader.raw('meta'), tables.files.length),
    metrics,
    ...tables,
    checks: top.reader.objects('checks', readCheck),
    view: readView(top.reader.object('view')),
    hasUnknownTables: hasUnknownTables(top.reader.raw('tables'))
  };
}

interface ITop {
  readonly object: Readonly<Record<string, unknown>>;
  readonly reader: ObjectReader;
}

/**
 * The payload in the newest version.
 */
function upgraded(payload: unknown): ITop {
  const older = objectAt(payload, 'the payload');
  const reader = new ObjectReader(older, '');
  const schema = reader.raw('schema');
  if (schema !== SCHEMA) {
    throw new WireError('schema', `"${SCHEMA}"`, describe(schema));
  }
  const version = reader.whole('version');
  if (version === 0) {
    throw new WireError('version', 'a whole number from 1 on', '0');
  }
  const object = upgrade(older, version);
  return { object, reader: new ObjectReader(object, '') };
}

function readMetrics(top: ITop): IMetric[] {
  const list = property(top.object, 'metrics');
  requireList(list, 'metrics');
  if (listAt(list, 'metrics').length > MAX_METRICS) {
    throw new WireError(
      'metrics',
      `at most ${MAX_METRICS} metrics`,
      'more',
      'limit'
    );
  }
  const metrics = top.reader.objects('metrics', readMetric);
  const ids = new Set<string>();
  metrics.forEach(({ id }, i) => {
    if (ids.has(id)) {
      throw new WireError(
        `metrics[${i}].id`,
        'an id of its own',
        `"${id}" again`
      );
    }
    ids.add(id);
  });
  return metrics;
}

function readStrings(value: unknown): readonly string[] {
  requireList(value, 'strings');
  const list = listAt(value, 'strings');
  if (list.length > MAX_STRINGS) {
    throw new WireError(
      'strings',
      `at most ${MAX_STRINGS} strings`,
      `${list.length}`,
      'limit'
    );
  }
  let characters = 0;
  return list.map((text, i) => {
    if (typeof text !== 'string') {
      throw new WireError(`strings[${i}]`, 'a text', describe(text));
    }
    characters += text.length;
    if (characters > MAX_CHARACTERS) {
      throw new WireError(
        `strings[${i}]`,
        `at most ${MAX_CHARACTERS} characters in all strings`,
        'more',
        'limit'
      );
    }
    return text;
  });
}

function requireList(value: unknown, where: string): void {
  if (value === undefined) {
    throw new WireError(where, 'a list', 'nothing');
  }
}
