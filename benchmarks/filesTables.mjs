// The figures of files.mjs as tables.
import { spread } from './figures.mjs';
import { bytes, ms, table } from './markdown.mjs';

const megabytes = values =>
  spread(
    values.map(value => value / 1e6),
    { unit: ' MB', digits: 0 }
  );

/** One cell: a figure of all rounds, or what became of them. */
function cellOf({ rounds, failed }, valueOf, format) {
  const values = rounds
    .map(valueOf)
    .filter(value => Number.isFinite(value) && value !== null);
  if (values.length === 0) {
    return failed ?? '–';
  }
  return failed ? `${format(values)}, then ${failed}` : format(values);
}

const whole = values => ms(values, 0);

function timesTable(files) {
  return table(
    [
      'file',
      'bytes',
      'table of functions',
      'call tree, from its tab',
      'call tree, in all',
      'speedscope’s first chart',
      'square map, from its tab'
    ],
    files.map(({ label, bytes: size, ours, speedscope, lacks }) => [
      label,
      bytes(size),
      cellOf(ours, round => round.table, whole),
      cellOf(ours, round => round.tree, whole),
      cellOf(
        ours,
        round => (round.tree === null ? null : round.table + round.tree),
        whole
      ),
      speedscope
        ? cellOf(speedscope, round => round.tree, whole)
        : `– ${lacks}`,
      cellOf(ours, round => round.map, whole)
    ])
  );
}

function memoryTable(files) {
  const lines = [
    ['peak of the process', 'peak'],
    ['of the process, at rest', 'rest'],
    ['JavaScript’s heap, at rest', 'heap']
  ];
  return table(
    ['file', ...lines.flatMap(([what]) => [what, `${what}, speedscope`])],
    files.map(({ label, ours, speedscope, lacks }) => [
      label,
      ...lines.flatMap(([, key]) => [
        cellOf(ours, round => round[key], megabytes),
        speedscope
          ? cellOf(speedscope, round => round[key], megabytes)
          : `– ${lacks}`
      ])
    ])
  );
}

/** Everything that files.mjs measures. */
export function filesTables({ files: { files } }) {
  const before = viewer =>
    files.flatMap(one =>
      (one[viewer]?.rounds ?? []).flatMap(round => round.before ?? [])
    );
  const [own, other] = [before('ours'), before('speedscope')];
  const empty =
    own.length > 0 && other.length > 0
      ? [
          `Without a file, JupyterLab's process takes ${megabytes(own)} and speedscope's ${megabytes(other)}; both are in the figures.`
        ]
      : [];
  return [
    '### Files: from opening to what is to be seen',
    timesTable(files),
    '### Files: memory',
    memoryTable(files),
    ...empty
  ].join('\n\n');
}
