import { combinationOf } from '../profile/combine';
import { NONE, type FuncIndex, type ThreadIndex } from '../profile/indices';
import type {
  IFiles,
  IMeta,
  IMetric,
  IProfile,
  IThreads,
  Values
} from '../profile/model';
import { FormatError } from './error';
import { ProfileBuilder } from './profileBuilder';
import { sumChecks } from './sums';
import { Summed } from './summed';

/** Columns of `paths` beside its values, kept among them until the nodes are in order. */
const LINE = 'self.#line';
const INLINED = 'self.#inlined';

/**
 * Several profiles of one kind as one: as pstats adds files, igprof-analyse merges dumps and line_profiler sums.
 *
 * Functions are one by all that is known of them (in dumps of igprof, by name), threads by name and kind, nodes of a
 * call tree by function and place below one node. Values go together by their metric. Where ticks differ, times of
 * lines are rounded to the coarser one, as line_profiler 5 does; others are kept in the finer one.
 *
 * Throws `FormatError` for profiles of different kinds, and for none at all.
 *
 * ```
 * const both = addProfiles([await readProfile(a, 'a.prof'), await readProfile(b, 'b.prof')]);
 * ```
 */
export function addProfiles(profiles: readonly IProfile[]): IProfile {
  if (profiles.length === 0) {
    throw new FormatError('Expected profiles to add, found none');
  }
  if (profiles.length === 1) {
    return profiles[0];
  }
  requireOneKind(profiles);
  const sum = new Sum(profiles);
  profiles.forEach(profile => sum.add(profile));
  return sum.done();
}

const TABLES = ['totals', 'edges', 'paths', 'lines'] as const;

/** What a profile holds, in words; "" if nothing. */
function contentOf(profile: IProfile): string {
  const { paths, totals, lines } = profile;
  return [
    paths.length > 0 ? 'call paths' : '',
    totals.length > 0 ? 'functions and their callers' : '',
    lines.length > 0 ? 'lines' : ''
  ]
    .filter(word => word)
    .join(' and ');
}

function requireOneKind(profiles: readonly IProfile[]): void {
  const kinds = profiles.map(profile => {
    const content = contentOf(profile);
    return content && `${content} by ${profile.meta.engine.name || 'a tool'}`;
  });
  const [first = '', other = ''] = new Set(kinds.filter(kind => kind));
  if (other) {
    throw new FormatError(
      `Expected profiles of one kind, found ${first}, and ${other}`
    );
  }
  const [shared, ...others] = profiles
    .filter(contentOf)
    .map(({ metrics }) => new Set(metrics.map(({ id }) => id)));
  for (const ids of others) {
    if (![...ids].some(id => shared.has(id))) {
      throw new FormatError(
        `Expected profiles that measured the same, found ${[...shared].join(', ')}, and ${[...ids].join(', ')}`
      );
    }
  }
  const units = new Map<string, string>();
  for (const { id, unit, combine } of profiles.flatMap(p => p.metrics)) {
    const kind = `${unit}, ${combine}`;
    const known = units.get(id) ?? kind;
    units.set(id, known);
    if (known !== kind) {
      throw new FormatError(
        `Expected one unit of ${id} in all profiles, found ${known}, and ${kind}`
      );
    }
  }
}

class Sum {
  constructor(private readonly _profiles: readonly IProfile[]) {
    const hasLines = _profiles.some(({ lines }) => lines.length > 0);
    const ids = new Set(_profiles.flatMap(p => p.metrics.map(({ id }) => id)));
    for (const id of ids) {
      const found = _profiles.flatMap(p =>
        p.metrics.filter(metric => metric.id === id)
      );
      const ticks = found.map(({ tick }) => tick);
      const metric: IMetric = {
        ...found[0],
        tick: hasLines ? Math.max(...ticks) : Math.min(...ticks),
        exact: found.every(({ exact }) => exact)
      };
      if (combinationOf(metric)) {
        this._metrics.push(metric);
        this._builder.metric(metric);
      } else {
        this._warnings.add(
          `Values of ${metric.label} cannot be added, and are left out.`
        );
      }
    }
    this._isRounded = hasLines;
    this._byName = _profiles.every(p => p.meta.engine.name === 'igprof');
    for (const table of TABLES) {
      this._columns[table] = new Summed(this._metrics);
      this._sayPartial(table);
    }
  }

  add(profile: IProfile): void {
    const { functions, threads, files, objects } = profile;
    const builder = this._builder;
    const funcs = functions.name.map((name, row) => {
      const file = functions.file[row];
      const object = functions.object[row];
      const parts = {
        name,
        qualified: functions.qualified[row],
        path: file === NONE ? '' : files.path[file],
        hasFile: file !== NONE,
        line: functions.line[row],
        kind: functions.kind[row],
        object: object === NONE ? '' : objects.path[object]
      };
      if (object !== NONE) {
        builder.object(parts.object, objects.build_id[object]);
      }
      if (!this._byName) {
        return builder.func(parts);
      }
      const shown = parts.qualified || name;
      const func = this._funcs.get(shown) ?? builder.newFunc(parts);
      this._funcs.set(shown, func);
      return func;
    });
    const places = threads.name.map((name, row) =>
      builder.thread({ name, kind: threads.kind[row] })
    );
    threads.parent.forEach((parent, row) => {
      if (parent !== NONE) {
        this._setParent(places[row], places[parent]);
      }
      this._walls[places[row]] =
        (this._walls[places[row]] ?? 0) + threads.wall[row];
    });
    this._addTables(profile, funcs, places);
    this._addPaths(profile, funcs, places);
    this._addFiles(profile);
  }

  done(): IProfile {
    const builder = this._builder;
    const [first] = this._profiles;
    for (const table of TABLES) {
      this._columns[table].each((row, key, value) =>
        builder[table].add(row, key, value)
      );
    }
    const labels = this._profiles.map(({ meta }) => meta.label);
    const profile = builder.done(first.generator, labels.join(', '));
    const { paths, files, threads } = profile;
    const values = new Map(paths.values);
    const line = values.get(LINE) ?? paths.line;
    const inlined = Uint8Array.from(values.get(INLINED) ?? paths.inlined);
    values.delete(LINE);
    values.delete(INLINED);
    const whole: IProfile = {
      ...profile,
      meta: this._meta(profile.meta),
      files: this._describe(files),
      threads: this._threads(threads),
      paths: { ...paths, line, inlined, values },
      checks: this._profiles.flatMap(({ checks }) =>
        checks.filter(({ ok }) => ok !== true)
      ),
      hasUnknownTables: this._profiles.some(p => p.hasUnknownTables)
    };
    return first.generator === 'pstats'
      ? { ...whole, checks: sumChecks(whole) }
      : whole;
  }

  /** Say in what a thread ran, unless that runs in it in another profile. */
  private _setParent(thread: ThreadIndex, parent: ThreadIndex): void {
    let above: ThreadIndex | undefined = parent;
    while (above !== undefined && above !== thread) {
      above = this._parents[above];
    }
    if (above === undefined) {
      this._parents[thread] ??= parent;
    }
  }

  private _addTables(
    profile: IProfile,
    funcs: readonly FuncIndex[],
    places: readonly ThreadIndex[]
  ): void {
    const { totals, edges, lines, files } = profile;
    const builder = this._builder;
    const func = (index: number) => (index === NONE ? NONE : funcs[index]);
    this._take(profile, 'totals', row =>
      builder.totals.row(
        funcs[totals.function[row]],
        places[totals.thread[row]]
      )
    );
    this._take(profile, 'edges', row =>
      builder.edges.row(
        funcs[edges.caller[row]],
        funcs[edges.callee[row]],
        places[edges.thread[row]]
      )
    );
    this._take(profile, 'lines', row => {
      const file = lines.file[row];
      return builder.lines.row(
        file === NONE ? NONE : builder.file(files.path[file]),
        lines.line[row],
        func(lines.function[row]),
        places[lines.thread[row]]
      );
    });
  }

  private _addPaths(
    profile: IProfile,
    funcs: readonly FuncIndex[],
    places: readonly ThreadIndex[]
  ): void {
    const { paths } = profile;
    const tree = this._builder.paths;
    const nodes = new Int32Array(paths.length);
    this._take(profile, 'paths', row => {
      const above: number = paths.parent[row];
      const parent: number = above === NONE ? NONE : nodes[above];
      const func = funcs[paths.function[row]];
      const thread = places[paths.thread[row]];
      const line = paths.line[row];
      const address = paths.address[row];
      const inlined = paths.inlined[row];
      const key = `${parent},${func},${thread},${line},${address},${inlined}`;
      let node = this._nodes.get(key);
      if (node === undefined) {
        node = tree.append(parent, func, thread, address);
        this._nodes.set(key, node);
        if (line) {
          tree.add(node, LINE, line);
        }
        if (inlined) {
          tree.add(node, INLINED, inlined);
        }
      }
      nodes[row] = node;
      return node;
    });
  }

  /** Add the values of a table. @param place - row of the sum for a row, asked in their order */
  private _take(
    profile: IProfile,
    name: (typeof TABLES)[number],
    place: (row: number) => number
  ): void {
    const { length, values } = profile[name];
    const rows = Int32Array.from({ length }, (_, row) => place(row));
    const factors = new Map<string, number>();
    for (const { id, tick } of profile.metrics) {
      const sum = this._metrics.find(metric => metric.id === id);
      factors.set(id, sum ? tick / sum.tick : 1);
    }
    this._columns[name].add(rows, values, factors, this._isRounded);
  }

  private _addFiles({ files, sources }: IProfile): void {
    files.path.forEach((path, row) => {
      this._builder.file(path);
      if (!this._files.has(path)) {
        this._files.set(path, { files, row });
      }
    });
    // Blocks of two profiles may overlap; a file has those of the first that has any.
    const known = new Set(this._withSource);
    for (let row = 0; row < sources.length; row++) {
      const path = files.path[sources.file[row]];
      if (!known.has(path)) {
        this._withSource.add(path);
        this._builder.source(path, sources.line[row], sources.text[row]);
      }
    }
  }

  /** Say of which values some profiles have none. */
  private _sayPartial(table: (typeof TABLES)[number]): void {
    const having = this._profiles.filter(profile => profile[table].length > 0);
    const keys = new Set(
      having.flatMap(profile => [...(profile[table].values as Values).keys()])
    );
    for (const key of keys) {
      if (!having.every(profile => profile[table].values.has(key))) {
        this._warnings.add(
          `Not all of the profiles that were added have ${key} of ${table}: the sums are of those that have.`
        );
      }
    }
  }

  private _meta(meta: IMeta): IMeta {
    const metas = this._profiles.map(profile => profile.meta);
    const common = <T>(of: (meta: IMeta) => T): T | null => {
      const values = new Set(metas.map(of));
      return values.size === 1 ? of(metas[0]) : null;
    };
    const walls = metas.map(({ wall }) => wall ?? NaN);
    const wall = walls.reduce((sum, value) => sum + value, 0);
    const warnings = new Map(
      metas
        .flatMap(one => one.warnings)
        .map(warning => [warning.text, warning] as const)
    );
    for (const text of this._warnings) {
      warnings.set(text, { code: 'sum', text });
    }
    return {
      ...meta,
      started: common(({ started }) => started),
      wall: Number.isNaN(wall) ? null : wall,
      status: common(({ status }) => status) ?? 'other',
      source: {
        ...meta.source,
        command: common(({ source }) => source.command)
      },
      engine: {
        ...metas[0].engine,
        version: common(({ engine }) => engine.version) ?? ''
      },
      python: common(({ python }) => python),
      platform: common(({ platform }) => platform),
      warnings: [...warnings.values()]
    };
  }

  private _describe(files: IFiles): IFiles {
    const from = files.path.map(path => this._files.get(path));
    return {
      ...files,
      label: files.label.map((own, i) => columnOf(from[i], 'label') ?? own),
      origin: files.origin.map((own, i) => columnOf(from[i], 'origin') ?? own),
      package: files.package.map(
        (own, i) => columnOf(from[i], 'package') ?? own
      ),
      cell: files.cell.map((own, i) => columnOf(from[i], 'cell') ?? own),
      execution: files.execution.map(
        (own, i) => columnOf(from[i], 'execution') ?? own
      )
    };
  }

  private _threads(threads: IThreads): IThreads {
    const parent = threads.parent.slice();
    this._parents.forEach((above, thread) => (parent[thread] = above));
    return {
      ...threads,
      parent: parent as IThreads['parent'],
      wall: threads.wall.map((own, thread) => this._walls[thread] ?? own)
    };
  }

  private readonly _builder = new ProfileBuilder({});
  private readonly _metrics: IMetric[] = [];
  private readonly _isRounded: boolean;
  private readonly _byName: boolean;
  private readonly _warnings = new Set<string>();
  private readonly _columns = {} as Record<(typeof TABLES)[number], Summed>;
  private readonly _funcs = new Map<string, FuncIndex>();
  private readonly _nodes = new Map<string, number>();
  private readonly _files = new Map<string, { files: IFiles; row: number }>();
  private readonly _withSource = new Set<string>();
  private readonly _parents: ThreadIndex[] = [];
  private readonly _walls: number[] = [];
}

function columnOf<C extends Exclude<keyof IFiles, 'length'>>(
  from: { files: IFiles; row: number } | undefined,
  column: C
): IFiles[C][number] | undefined {
  return from?.files[column][from.row];
}
