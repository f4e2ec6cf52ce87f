// The figures of `npm run bench` in docs/benchmarks.md: a section a part, each between two marks
// of its own, so that parts can be measured at different moments.

const mark = (part, end) => `<!-- ${part}: ${end} -->`;

/** The text with what stands between a part's marks replaced. Throws where they are not. */
export function between(text, part, content) {
  const begin = text.indexOf(mark(part, 'begin'));
  const end = text.indexOf(mark(part, 'end'));
  if (begin < 0 || end < begin) {
    throw new Error(
      `the marks ${mark(part, 'begin')} and ${mark(part, 'end')} are not there`
    );
  }
  const from = begin + mark(part, 'begin').length;
  return `${text.slice(0, from)}\n\n${content.trim()}\n\n${text.slice(end)}`;
}

/** Programs and packages that a part's figures are of. */
function versions({
  kernel,
  overhead,
  lines,
  native,
  browser,
  opening,
  views,
  trees,
  files,
  wire
}) {
  const pythons =
    kernel ??
    overhead?.map(({ counter }) => counter) ??
    lines ??
    native ??
    wire?.pythons;
  const peers = (kernel ?? native)?.[0].versions;
  const chromium =
    browser?.browser ??
    opening?.browser ??
    views?.browser ??
    trees?.browser ??
    files?.browser;
  const lab = browser?.lab ?? opening?.lab ?? views?.lab ?? files?.lab;
  return [
    pythons && `Python ${pythons.map(({ python }) => python).join(', ')}`,
    peers &&
      Object.entries(peers)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    lab && `JupyterLab ${lab}`,
    chromium && `Chromium ${chromium}`,
    (trees ?? files) &&
      Object.entries((trees ?? files).peers)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')
  ].filter(Boolean);
}

/** What was run, when, on what and under what load. */
export function provenance(figures) {
  const { command, date, rounds, machine, load } = figures;
  if (figures.chunks) {
    return `Read on ${date} from a build for release, by \`${command}\`. JupyterLab's server sends files as they are, without gzip.`;
  }
  const isBusy = load.before > machine.cores;
  return [
    `Measured on ${date} by \`${command}\`: ${rounds} round${rounds === 1 ? '' : 's'}${figures.kernel && rounds <= 3 ? ' (a quick run: the realistic cell has a third of its work)' : ''};`,
    `${machine.cores} cores (${machine.model}), ${machine.memory} GB, ${machine.system};`,
    `${versions(figures).join('; ')}.`,
    `Load of the machine: ${load.before.toFixed(1)} when it began, ${load.after.toFixed(1)} when it ended${isBusy ? ': **it was busy, so times are longer than they would be**' : ''}.`
  ].join(' ');
}
