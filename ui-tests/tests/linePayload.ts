/**
 * Payloads with lines, written as one would draw them.
 */
import { column } from './callPaths';
import type { Json } from './helpers';

/** A file or cell, with its text as it ran. */
export interface ISourceSpec {
  readonly path: string;
  /** Id of the cell that it is, "" if the kernel did not know it. */
  readonly cell?: string;
  readonly text: string;
}

/** What a line took: number of its source, line, function, hits, ns. */
export type LineSpec = readonly [
  source: number,
  line: number,
  func: string,
  hits: number,
  time: number
];

/** What a payload is made of. */
export interface ILinesSpec {
  readonly sources: readonly ISourceSpec[];
  readonly lines: readonly LineSpec[];
  readonly wall: number;
  /** Id of the cell that ran. */
  readonly cell?: string;
  /** Seconds after the others' start. */
  readonly later?: number;
}

/** A payload of lines. */
export function linesPayload({
  sources,
  lines,
  wall,
  cell = 'c0',
  later = 0
}: ILinesSpec): Json {
  const strings: string[] = [];
  const texts = (values: readonly string[]) =>
    column(
      values.map(text => {
        if (!strings.includes(text)) {
          strings.push(text);
        }
        return strings.indexOf(text);
      })
    );
  const table = (length: number, columns: Record<string, Json>) => ({
    length,
    columns
  });
  const names = [...new Set(lines.map(([source, , f]) => `${source} ${f}`))];
  const functionOf = ([source, , f]: LineSpec) =>
    names.indexOf(`${source} ${f}`);
  const isCell = ({ path }: ISourceSpec) => path.startsWith('/tmp/ipykernel');
  const tables = {
    files: table(sources.length, {
      path: texts(sources.map(({ path }) => path)),
      label: texts(sources.map(one => (isCell(one) ? 'Cell [1]' : ''))),
      origin: texts(sources.map(one => (isCell(one) ? 'cell' : 'file'))),
      cell: texts(sources.map(one => one.cell ?? ''))
    }),
    functions: table(names.length, {
      name: texts(names.map(name => name.split(' ')[1])),
      qualified: texts(names.map(name => name.split(' ')[1])),
      file: column(names.map(name => parseInt(name) + 1)),
      line: column(
        names.map((_, f) =>
          Math.min(
            ...lines.filter(one => functionOf(one) === f).map(one => one[1])
          )
        )
      ),
      kind: texts(names.map(() => 'python'))
    }),
    threads: table(1, {
      name: texts(['MainThread']),
      kind: texts(['thread']),
      parent: column([0])
    }),
    sources: table(sources.length, {
      file: column(sources.map((_, i) => i + 1)),
      line: column(sources.map(() => 1)),
      text: texts(sources.map(({ text }) => text))
    }),
    lines: table(lines.length, {
      file: column(lines.map(one => one[0] + 1)),
      line: column(lines.map(one => one[1])),
      function: column(lines.map(one => functionOf(one) + 1)),
      'self.hits': column(lines.map(one => one[3])),
      'total.time': column(lines.map(one => one[4]))
    })
  };
  const metric = (id: string, label: string, unit: string) => ({
    id,
    label,
    unit
  });
  return {
    schema: 'jupyterlab-profiler',
    version: 1,
    generator: 'tests',
    meta: {
      started: `2026-05-04T09:33:${`${later}`.padStart(2, '0')}+00:00`,
      wall,
      source: { kind: 'cell', cell, execution: 1, command: null },
      engine: { name: 'recorder', version: '1', reason: '', clock: '' }
    },
    metrics: [metric('hits', 'Hits', 'count'), metric('time', 'Time', 'ns')],
    strings,
    tables
  };
}
