// The figures of `npm run bench` as tables in Markdown.
import { number, slowest, spread } from '../benchmarks/figures.mjs';

export const beginMark = '<!-- figures: begin -->';
export const endMark = '<!-- figures: end -->';

/** A table in Markdown. `head` and each of `rows` are lists of texts. */
export function table(head, rows) {
  const line = cells =>
    `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|---|${head
    .slice(1)
    .map(() => '---:|')
    .join('')}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** The text with what stands between the two marks replaced. Throws where they are not. */
export function between(text, content) {
  const begin = text.indexOf(beginMark);
  const end = text.indexOf(endMark);
  if (begin < 0 || end < begin) {
    throw new Error(`the marks ${beginMark} and ${endMark} are not there`);
  }
  return `${text.slice(0, begin)}${beginMark}\n\n${content.trim()}\n\n${text.slice(end)}`;
}

const ratio = values => spread(values, { unit: 'x', digits: 2 });
const ms = (values, digits = 1) => spread(values, { unit: ' ms', digits });
const bytes = value => `${number(value)} B`;

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
    )
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
  const rows = views.map(({ functions, edges, first, show, sort, scroll }) => {
    const { label, clicks } = slowest(sort);
    const all = Object.values(sort).flat();
    const frames = scroll.flatMap(run => run.frames);
    const blank = scroll.reduce((sum, run) => sum + run.blank, 0);
    const worst = scroll.map(run => Math.max(...run.frames));
    return [
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
  });
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

export function wireTable({ wire }) {
  const { pythons, node } = wire;
  const [{ nodes, bytes: size }] = pythons;
  return [
    '### Wire format and profiler',
    `A payload of ${number(nodes)} path nodes is ${number(size)} bytes of JSON.`,
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

/** What was run, when and on what, as a list. */
export function provenance({
  command,
  date,
  rounds,
  machine,
  kernel,
  browser
}) {
  const [first] = kernel;
  const peers = Object.entries(first.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return [
    `- Command: \`${command}\`, on ${date}; ${rounds} rounds${rounds <= 3 ? ' (a quick run: the realistic cell has a third of its work)' : ''}`,
    `- Machine: ${machine.cores} cores (${machine.model}), ${machine.memory} GB, ${machine.system}; load when it began ${machine.load}`,
    `- Python ${kernel.map(({ python }) => python).join(', ')}; ${peers}`,
    `- JupyterLab ${browser.lab}, Chromium ${browser.browser}; its kernel is Python ${first.python}`
  ].join('\n');
}

/** Everything, for docs/benchmarks.md. */
export function document(figures) {
  return [
    provenance(figures),
    kernelTables(figures),
    savedTable(figures),
    visibleTable(figures),
    viewsTable(figures),
    wireTable(figures)
  ].join('\n\n');
}
