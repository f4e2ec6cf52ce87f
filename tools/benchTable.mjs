// The figures of `npm run bench` as tables in Markdown.
import { number, slowest, spread } from '../benchmarks/figures.mjs';
import { bytes, ms, ratio, table } from '../benchmarks/markdown.mjs';

/** One line for each tool that has figures somewhere, in the order of tools.json. */
function perTool(tools, has, cellsOf) {
  return tools
    .filter(({ name }) => has(name))
    .map(({ name, label }) => [label, ...cellsOf(name)]);
}

function slowDown(tools, kernels, cell) {
  const clocks = ['cpu', 'wall'];
  const head = kernels.flatMap(({ python }) => [
    `${python} CPU`,
    `${python} wall`
  ]);
  const bare = kernels.flatMap(({ cells }) =>
    clocks.map(clock =>
      ms(
        cells[cell].bare[clock].map(seconds => seconds * 1000),
        0
      )
    )
  );
  const rows = perTool(
    tools.filter(({ name }) => name !== 'bare'),
    () => true,
    name =>
      kernels.flatMap(({ cells }) => {
        const found = cells[cell].ratios[name];
        return clocks.map(clock => (found ? ratio(found[clock]) : 'failed'));
      })
  );
  return table(['', ...head], [['no profiler', ...bare], ...rows]);
}

function emptyCell(tools, kernels) {
  const head = kernels.flatMap(({ python }) => [
    `${python} in the kernel`,
    `${python} round trip`
  ]);
  const bare = kernels.flatMap(({ empty }) => [
    ms(empty.bare.wall),
    ms(empty.bare.trip)
  ]);
  const rows = perTool(
    tools.filter(({ name }) => name !== 'bare'),
    () => true,
    name =>
      kernels.flatMap(({ empty }) => {
        const found = empty.extra[name];
        return found ? [ms(found.wall), ms(found.trip)] : ['failed', 'failed'];
      })
  );
  return table(['', ...head], [['no profiler', ...bare], ...rows]);
}

export function kernelTables({ tools, kernel }) {
  const failed = kernel.flatMap(({ python, failed: names }) =>
    Object.entries(names).map(
      ([name, reason]) =>
        `- ${tools.find(tool => tool.name === name).label} failed on Python ${python}: ${reason}`
    )
  );
  return [
    '### Slow-down of a call-heavy cell',
    slowDown(tools, kernel, 'call_heavy'),
    '### Slow-down of a realistic cell',
    slowDown(tools, kernel, 'realistic'),
    '### What an empty cell takes longer',
    emptyCell(tools, kernel),
    ...failed
  ].join('\n\n');
}

/** What of a result is in the file. */
function inFile(entry) {
  if (!entry || entry.failed) {
    return 'failed';
  }
  return `${bytes(entry.bytes)}${entry.names ? '' : ', without the profile'}`;
}

export function savedTable({ tools, saved, browser }) {
  return [
    '### Bytes in the saved notebook',
    table(
      ['', 'run and saved in JupyterLab', 'run by nbclient'],
      perTool(
        tools,
        name => saved[name],
        name => [inFile(browser.saved[name]), inFile(saved[name])]
      )
    ),
    `The payload of this package is ${bytes(saved.ours.payload)} of JSON: ${number(saved.ours.nodes)} call paths of ${number(saved.ours.functions)} functions.`
  ].join('\n\n');
}

function whenVisible(runs) {
  const values = runs.map(run => run.toVisible);
  return values.length > 0 ? ms(values, 0) : '';
}

export function visibleTable({ tools, browser }) {
  const { visible } = browser;
  const shown = perTool(
    tools,
    name => visible[name] && !visible[name].failed,
    name => [
      whenVisible(visible[name].cold),
      whenVisible(visible[name].warm),
      ms(
        visible[name].warm.map(run => run.toIdle + run.toVisible),
        0
      )
    ]
  );
  const failed = tools
    .filter(({ name }) => visible[name]?.failed)
    .map(({ name, label }) => {
      const { failed: what, said = [] } = visible[name];
      const errors = said.slice(0, 3).map(text => {
        const short = text.replace(/\s+/g, ' ').replaceAll('`', "'");
        return `\`${short.length > 150 ? `${short.slice(0, 147)}...` : short}\``;
      });
      const because = errors.length > 0 ? `: ${errors.join(', ')}` : '';
      return `- ${label}: ${what}. The page's console${because || ' is silent'}.`;
    });
  return [
    '### From idle to the visible result',
    table(
      ['', 'first after page load', 'later', 'later, from the request on'],
      shown
    ),
    ...failed
  ].join('\n\n');
}

export function viewsTable({ views }) {
  const rows = views.sizes.map(
    ({ functions, edges, bare, first, show, sort, scroll }) => {
      const { label, clicks } = slowest(sort);
      const all = Object.values(sort).flat();
      const frames = scroll.flatMap(run => run.frames);
      const blank = scroll.reduce((sum, run) => sum + run.blank, 0);
      const worst = scroll.map(run => Math.max(...run.frames));
      return [
        ['a bare HTML table of 40 rows: layout', ms(bare)],
        ['show, the first of its kind', ms([first], 0)],
        ['show', ms(show, 0)],
        [
          'sort, all columns: script, style and layout',
          ms(all.map(click => click.work))
        ],
        [
          'sort, all columns: to the next paint',
          ms(all.map(click => click.paint))
        ],
        [
          `sort, slowest column (${label}): script, style and layout`,
          ms(clicks.map(click => click.work))
        ],
        [
          `sort, slowest column (${label}): to the next paint`,
          ms(clicks.map(click => click.paint))
        ],
        ['scroll: a frame', ms(frames)],
        ['scroll: the longest frame of a run', ms(worst)],
        [
          'scroll: frames without rows',
          `${number(blank)} of ${number(frames.length)}`
        ]
      ].map(([what, value]) => ({
        what,
        value,
        size: `${number(functions)} functions, ${number(edges)} edges`
      }));
    }
  );
  return [
    '### Views',
    ...rows.map(lines =>
      table(
        [lines[0].size, ''],
        lines.map(({ what, value }) => [what, value])
      )
    )
  ].join('\n\n');
}

const clocks = {
  counter: "the processor's counter",
  system: "the system's clock"
};

/** What counting lines costs: slow-downs, and what an engine's is of line_profiler's. */
export function linesTable({ lines: pythons }) {
  const theirs = 'line_profiler itself';
  const engines = ({ lines }) =>
    Object.keys(Object.values(lines)[0].slow).filter(name => name !== theirs);
  const works = Object.keys(pythons[0].lines);
  return `### Slow-down of counting lines\n\n${table(
    [
      '',
      ...pythons.flatMap(found => [
        `${found.python} line_profiler itself`,
        ...engines(found).map(name => `${found.python} engine ${name}`)
      ])
    ],
    works.map(work => [
      work,
      ...pythons.flatMap(found => {
        const { slow, ratio } = found.lines[work];
        return [
          `${number(slow[theirs], 1)}x`,
          ...engines(found).map(
            name =>
              `${number(slow[name], 2)}x, ${number(ratio[name], 2)} of theirs`
          )
        ];
      })
    ])
  )}`;
}

/** What the recorder costs beside plain cProfile. */
export function overheadTables({ overhead }) {
  const columns = overhead.flatMap(found =>
    Object.keys(clocks).map(clock => ({ clock, ...found[clock] }))
  );
  const works = Object.keys(columns[0].to_cprofile);
  const mean = ({ geometric_mean: value }) => `**${number(value, 2)}x**`;
  const lacking = columns.filter(
    (found, i) =>
      found.clock === 'system' && found.clock_name === columns[i - 1].clock_name
  );
  const slow = (found, name) =>
    works.map(work => `${number(found.slow_down[work][name], 2)}x`);
  const slowColumns = overhead.flatMap(({ counter, system }) => [
    {
      head: `${counter.python} bare`,
      cells: works.map(work => `${number(counter.bare_ms[work], 1)} ms`)
    },
    {
      head: `${counter.python} plain cProfile`,
      cells: slow(counter, 'plain cProfile')
    },
    { head: `${counter.python} recorder`, cells: slow(counter, 'recorder') },
    {
      head: `${counter.python} recorder, ${clocks.system}`,
      cells: slow(system, 'recorder')
    }
  ]);
  return [
    "### The recorder's slow-down over plain cProfile's",
    table(
      [
        '',
        ...columns.map(({ python, clock }) => `${python}, ${clocks[clock]}`)
      ],
      [
        ...works.map(work => [
          work,
          ...columns.map(({ to_cprofile: ratios }) => {
            const [best, least, most] = ratios[work].map(value =>
              number(value, 2)
            );
            return `${best}x (${least}–${most})`;
          })
        ]),
        ['geometric mean', ...columns.map(mean)]
      ]
    ),
    ...(lacking.length > 0
      ? [
          "This machine's counter cannot be used: both columns are of the system's clock."
        ]
      : []),
    '### Slow-down by workload',
    table(
      ['', ...slowColumns.map(({ head }) => head)],
      works.map((work, i) => [
        work,
        ...slowColumns.map(({ cells }) => cells[i])
      ])
    )
  ].join('\n\n');
}

/** Every chunk of the front end. */
export function chunksTable({ chunks }) {
  const when = ({ isAtStart, isWorker, by }) =>
    isAtStart
      ? 'when JupyterLab starts'
      : by.length > 0
        ? `${isWorker ? 'worker, ' : ''}by ${by.join(', ')}`
        : 'by no code of ours';
  const sum = of => chunks.reduce((total, chunk) => total + of(chunk), 0);
  return [
    '### Chunks of the front end',
    table(
      ['chunk', 'bytes', 'with gzip', 'loaded'],
      [
        ...chunks.map(chunk => [
          chunk.name,
          bytes(chunk.bytes),
          bytes(chunk.packed),
          when(chunk)
        ]),
        [
          'all',
          bytes(sum(chunk => chunk.bytes)),
          bytes(sum(chunk => chunk.packed)),
          ''
        ]
      ]
    )
  ].join('\n\n');
}

export function wireTable({ wire }) {
  const { pythons, large, node } = wire;
  const [{ nodes, bytes: size }] = pythons;
  return [
    '### Wire format, profiler, and tables of a large tree',
    `A payload of ${number(nodes)} path nodes is ${bytes(size)} of JSON; the large tree has ${number(large[0].nodes)} nodes, ${number(large[0].functions)} functions and ${number(large[0].edges)} pairs of caller and callee.`,
    table(
      [
        '',
        ...pythons.map(({ python }) => `Python ${python}`),
        `Node ${node.node}`
      ],
      [
        ['encode', ...pythons.map(({ encode }) => ms(encode)), ''],
        ['decode', ...pythons.map(({ decode }) => ms(decode)), ms(node.times)],
        [
          'large tree: its columns',
          ...large.map(({ columns }) => ms(columns)),
          ''
        ],
        [
          'large tree: functions and pairs',
          ...large.map(({ derive }) => ms(derive)),
          ''
        ],
        [
          'large tree: all tables',
          ...large.map(({ tables }) => ms(tables)),
          ''
        ],
        [
          'start and stop the profiler',
          ...pythons.map(({ start_stop_us: times }) =>
            spread(times, { unit: ' µs', digits: 0 })
          ),
          ''
        ]
      ]
    )
  ].join('\n\n');
}
