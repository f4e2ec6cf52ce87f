// The figures of native.py as tables.
import { number, spread } from './figures.mjs';
import { bytes, ms, ratio, table } from './markdown.mjs';

const clocks = ['code', 'all'];

/** Slow-downs of one cell, a line a tool; one that has failed somewhere has figures elsewhere. */
function slowDown(pythons, cell) {
  const labels = Object.entries(pythons[0][cell].labels).filter(
    ([name]) => name !== 'bare'
  );
  return table(
    [
      '',
      ...pythons.flatMap(({ python }) =>
        clocks.map(clock => `${python} ${clock}`)
      )
    ],
    [
      [
        'no profiler',
        ...pythons.flatMap(found =>
          clocks.map(clock =>
            ms(
              found[cell].bare[clock].map(seconds => seconds * 1000),
              0
            )
          )
        )
      ],
      ...labels.map(([name, label]) => [
        label,
        ...pythons.flatMap(found => {
          const ratios = found[cell].ratios[name];
          return clocks.map(clock =>
            ratios ? ratio(ratios[clock]) : 'failed'
          );
        })
      ])
    ]
  );
}

function failures(pythons, cell) {
  return pythons.flatMap(found =>
    Object.entries(found[cell].failed).map(
      ([name, reason]) =>
        `- ${found[cell].labels[name]} failed on Python ${found.python}: ${reason.replace(/\s+/g, ' ').slice(0, 200)}`
    )
  );
}

function mixed(pythons) {
  const names = ['native', 'pyspy'];
  return table(
    ['', ...pythons.map(({ python }) => python)],
    names.map(name => [
      pythons[0].hot.labels[name],
      ...pythons.map(({ hot }) => {
        const [seen, whole] = hot.seen[name] ?? [0, 0];
        return seen > 0
          ? `${number(whole)} of ${number(seen)}, ${number((100 * whole) / seen, 1)} %`
          : 'failed';
      })
    ])
  );
}

function dumps(pythons) {
  const read = pythons.filter(({ dump }) => dump);
  if (read.length === 0) {
    return [];
  }
  return [
    `### Opening a dump of igprof, ${bytes(read[0].dump.bytes)}, in Python`,
    table(
      ['', ...read.map(({ python }) => python)],
      [
        [
          'load()',
          ...read.map(({ dump }) =>
            spread(
              dump.opened.map(({ seconds }) => seconds),
              { unit: ' s', digits: 1 }
            )
          )
        ],
        [
          'peak of the process',
          ...read.map(({ dump }) =>
            spread(
              dump.opened.map(({ peak }) => peak / 1e6),
              { unit: ' MB', digits: 0 }
            )
          )
        ],
        ['call paths', ...read.map(({ dump }) => number(dump.opened[0].rows))]
      ]
    )
  ];
}

export function nativeTables({ native: pythons }) {
  return [
    `### Slow-down of a cell in Python and C++, ${pythons[0].rate} samples a second`,
    slowDown(pythons, 'hot'),
    ...failures(pythons, 'hot'),
    '### Samples in C++ that are mixed',
    mixed(pythons),
    '### Slow-down of a cell that allocates',
    slowDown(pythons, 'memory'),
    ...failures(pythons, 'memory'),
    ...dumps(pythons)
  ].join('\n\n');
}
