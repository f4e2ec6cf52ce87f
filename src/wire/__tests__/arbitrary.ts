/**
 * Profiles of every shape that the model allows, for property tests.
 */
import fc from 'fast-check';

import {
  indexColumn,
  type FileIndex,
  type FuncIndex,
  type ObjectIndex,
  type PathIndex,
  type ThreadIndex
} from '../../profile/indices';
import {
  FILE_ORIGINS,
  FUNCTION_KINDS,
  SOURCE_KINDS,
  STATUSES,
  THREAD_KINDS,
  type ICheck,
  type IMeta,
  type IMetric,
  type IProfile,
  type Limit,
  type Role,
  type ValueKey
} from '../../profile/model';

const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom('', '__proto__', 'constructor', '<script>', 'Cell [5]')
);
const whole = fc.oneof(
  fc.nat({ max: 300 }),
  fc.maxSafeNat(),
  fc.constant(Number.MAX_SAFE_INTEGER)
);
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
// JSON has no minus zero; columns do.
const jsonNumber = double.map(number => number + 0);
const value = fc.oneof(whole, fc.maxSafeInteger(), double);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: null });

const metric = (id: string): fc.Arbitrary<IMetric> =>
  fc.record({
    id: fc.constant(id),
    label: text,
    unit: fc.constantFrom('ns', 'count', 'bytes', 'samples', 'parsec'),
    tick: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    exact: fc.boolean(),
    combine: fc.constantFrom('sum', 'max', 'median')
  });

const metrics = fc
  .subarray(['time', 'calls', 'hits', 'live_bytes', 'x0'])
  .chain(ids => fc.tuple(...ids.map(metric)));

const check: fc.Arbitrary<ICheck> = fc.record({
  id: text,
  text,
  ok: nullable(fc.boolean()),
  value: nullable(jsonNumber),
  expected: nullable(jsonNumber),
  tolerance: nullable(jsonNumber),
  unit: nullable(text)
});

const limit: fc.Arbitrary<Limit> = fc.oneof(
  fc.record({ count: whole }),
  fc.record({
    fraction: fc.double({ min: 0, max: 1, noNaN: true }).map(x => x + 0)
  }),
  fc.record({ regex: text })
);

const meta = (files: number): fc.Arbitrary<IMeta> =>
  fc.record({
    label: text,
    started: nullable(text),
    wall: nullable(whole),
    status: fc.constantFrom(...STATUSES),
    where: nullable(fc.record({ file: reference(files), line: whole, text })),
    source: fc.record({
      kind: fc.constantFrom(...SOURCE_KINDS),
      cell: nullable(text),
      execution: nullable(whole),
      command: nullable(text)
    }),
    engine: fc.record({
      name: text,
      version: text,
      reason: text,
      clock: text
    }),
    python: nullable(text),
    platform: nullable(text),
    warnings: fc.array(fc.record({ code: text, text }), { maxLength: 2 })
  }) as fc.Arbitrary<IMeta>;

function list<T>(arbitrary: fc.Arbitrary<T>, length: number) {
  return fc.array(arbitrary, { minLength: length, maxLength: length });
}

function doubles(arbitrary: fc.Arbitrary<number>, length: number) {
  return list(arbitrary, length).map(items => Float64Array.from(items));
}

function reference(length: number): fc.Arbitrary<number> {
  return fc.integer({ min: -1, max: length - 1 });
}

function indices<I extends number>(
  arbitrary: (row: number) => fc.Arbitrary<number>,
  length: number
) {
  return fc
    .tuple(...Array.from({ length }, (_, row) => arbitrary(row)))
    .map(items => indexColumn<I>(Int32Array.from(items)));
}

function rows(least: number) {
  return fc.integer({ min: least, max: 6 });
}

function values(
  roles: readonly Role[],
  known: readonly IMetric[],
  length: number
) {
  const keys = known.flatMap(({ id }) =>
    roles.map((role): ValueKey => `${role}.${id}`)
  );
  return fc
    .subarray(length > 0 ? keys : [])
    .chain(chosen =>
      fc.tuple(
        ...chosen.map(key => fc.tuple(fc.constant(key), doubles(value, length)))
      )
    )
    .map(columns => new Map(columns));
}

/** Parents of a tree in pre-order, with the thread of each row. */
function tree(length: number, threads: number) {
  return fc
    .tuple(list(fc.nat({ max: 9 }), length), list(fc.nat(), length))
    .map(([steps, chosen]) => {
      const parent = new Int32Array(length);
      const thread = new Int32Array(length);
      for (let row = 0; row < length; row++) {
        let above = row - 1;
        for (let up = steps[row] % 4; up > 0 && above >= 0; up--) {
          above = parent[above];
        }
        parent[row] = above;
        thread[row] = above >= 0 ? thread[above] : chosen[row] % threads;
      }
      return {
        parent: indexColumn<PathIndex>(parent),
        thread: indexColumn<ThreadIndex>(thread)
      };
    });
}

interface ISizes {
  files: number;
  objects: number;
  functions: number;
  threads: number;
  known: readonly IMetric[];
  value: number;
  source: number;
}

function profileOf(sizes: ISizes): fc.Arbitrary<IProfile> {
  const { files, objects, functions, threads, known } = sizes;
  const measured = functions > 0 ? sizes.value : 0;
  const index = (length: number) => () => fc.nat({ max: length - 1 });
  const sources = files > 0 ? sizes.source : 0;
  return fc.record({
    generator: text,
    meta: meta(files),
    metrics: fc.constant(known),
    files: fc.record({
      length: fc.constant(files),
      path: list(text, files),
      label: list(text, files),
      origin: list(fc.constantFrom(...FILE_ORIGINS), files),
      package: list(text, files),
      cell: list(text, files),
      execution: doubles(whole, files)
    }),
    objects: fc.record({
      length: fc.constant(objects),
      path: list(text, objects),
      build_id: list(text, objects)
    }),
    functions: fc.record({
      length: fc.constant(functions),
      name: list(text, functions),
      qualified: list(text, functions),
      file: indices<FileIndex>(() => reference(files), functions),
      line: doubles(whole, functions),
      kind: list(fc.constantFrom(...FUNCTION_KINDS), functions),
      object: indices<ObjectIndex>(() => reference(objects), functions)
    }),
    threads: fc.record({
      length: fc.constant(threads),
      name: list(text, threads),
      kind: list(fc.constantFrom(...THREAD_KINDS), threads),
      parent: indices<ThreadIndex>(row => reference(row), threads),
      pid: doubles(whole, threads),
      tid: doubles(whole, threads),
      wall: doubles(double, threads)
    }),
    totals: fc.record({
      length: fc.constant(measured),
      function: indices<FuncIndex>(index(functions), measured),
      thread: indices<ThreadIndex>(index(threads), measured),
      values: values(['self', 'total', 'primitive'], known, measured)
    }),
    edges: fc.record({
      length: fc.constant(measured),
      caller: indices<FuncIndex>(index(functions), measured),
      callee: indices<FuncIndex>(index(functions), measured),
      thread: indices<ThreadIndex>(index(threads), measured),
      values: values(['self', 'total', 'primitive'], known, measured)
    }),
    paths: fc
      .tuple(
        fc.record({
          length: fc.constant(measured),
          function: indices<FuncIndex>(index(functions), measured),
          line: doubles(whole, measured),
          address: doubles(double, measured),
          inlined: list(fc.nat({ max: 1 }), measured).map(flags =>
            Uint8Array.from(flags)
          ),
          values: values(['self'], known, measured)
        }),
        tree(measured, threads)
      )
      .map(([columns, { parent, thread }]) => ({
        ...columns,
        parent,
        thread
      })),
    lines: fc.record({
      length: fc.constant(measured),
      file: indices<FileIndex>(() => reference(files), measured),
      line: doubles(whole, measured),
      function: indices<FuncIndex>(() => reference(functions), measured),
      thread: indices<ThreadIndex>(index(threads), measured),
      values: values(['self', 'total'], known, measured)
    }),
    sources: fc.record({
      length: fc.constant(sources),
      file: indices<FileIndex>(index(files), sources),
      line: doubles(whole, sources),
      text: list(text, sources)
    }),
    checks: fc.array(check, { maxLength: 2 }),
    view: fc.record({
      sort: fc.array(text, { maxLength: 3 }),
      limits: fc.array(limit, { maxLength: 3 })
    }),
    // What is not known is not written again.
    hasUnknownTables: fc.constant(false)
  });
}

/** Any profile, small. */
export const arbitraryProfile: fc.Arbitrary<IProfile> = fc
  .record({
    files: rows(0),
    objects: rows(0),
    functions: rows(0),
    threads: rows(1),
    known: metrics,
    value: rows(0),
    source: rows(0)
  })
  .chain(profileOf);
