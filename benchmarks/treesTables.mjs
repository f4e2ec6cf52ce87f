// The figures of trees.mjs as tables.
import { median, number, spread } from './figures.mjs';
import { ms, table } from './markdown.mjs';

const labels = {
  ours: 'this package',
  d3_0: 'd3-flame-graph',
  d3_1: 'd3-flame-graph, no boxes below 1 px',
  speedscope: 'speedscope'
};

/** One cell: the figures `key` of all rounds, or what became of them. */
function cellOf(found, key, format) {
  if (!found) {
    return '';
  }
  const values = found.rounds.flatMap(round => round[key] ?? []);
  if (values.length === 0) {
    return found.failed ?? '–';
  }
  return found.failed
    ? `${format(values)}, then ${found.failed}`
    : format(values);
}

const whole = values => ms(values, 0);

/** A table of several viewers: lines are `[viewer, what it is called, key]`. */
function sideBySide({ sizes, cases }, head, lines) {
  return table(
    [head, ...sizes.map(size => number(size))],
    lines.map(([viewer, label, key]) => [
      label ?? labels[viewer],
      ...sizes.map(size => cellOf(cases[viewer][size], key, whole))
    ])
  );
}

/** The largest of each round, and the median of each where there are very many. */
function perRound({ rounds, failed }, key, of) {
  return {
    failed,
    rounds: rounds.map(round => ({ [key]: of(round[key]) }))
  };
}

function ownFrames({ sizes, cases }) {
  const exact = values => ms(values, 1);
  const fine = values => ms(values, 2);
  const line = (label, key, format = exact, of = undefined) => [
    label,
    ...sizes.map(size => {
      const found = cases.ours[size];
      return cellOf(of ? perRound(found, key, of) : found, key, format);
    })
  ];
  const most = values => Math.max(...values);
  return table(
    ['this package', ...sizes.map(size => number(size))],
    [
      line('zoom: a frame of a glide', 'glide', exact, median),
      line('zoom: the longest frame of a glide', 'glide', exact, most),
      line('zoom: to a box, or to all, at once', 'zoomWork', exact, median),
      line('zoom by key: before the first frame', 'zoomKey', exact),
      line(
        'search: finding and marking, all of the view',
        'searchWork',
        exact,
        median
      ),
      line('search: marking alone', 'marks', exact, median),
      line('search: counting, after that frame', 'searchCount', exact, median),
      line('hover: finding the box, and its tooltip', 'hover', fine, median),
      line('hover: the longest of a round', 'hover', fine, most),
      line('hover: finding the box alone', 'hitMicroseconds', values =>
        spread(values, { unit: ' µs', digits: 2 })
      ),
      line('hover: pictures drawn anew in all', 'redraws', values =>
        number(values.reduce((sum, value) => sum + value, 0))
      )
    ]
  );
}

function ownStages({ sizes, cases, bytes }) {
  const line = (label, key) => [
    label,
    ...sizes.map(size => cellOf(cases.ours[size], key, values => ms(values, 1)))
  ];
  return table(
    ['this package', ...sizes.map(size => number(size))],
    [
      ['bytes of the payload', ...sizes.map(size => number(bytes[size]))],
      line('fetching the payload', 'read'),
      line('decoding it', 'decode'),
      line('picture: putting the tree in order', 'order'),
      line('picture: finding places', 'places'),
      line('picture: drawing', 'draw'),
      line('all of the view: functions, callers and callees', 'derived'),
      line('all of the view: tree, picture and table', 'shown')
    ]
  );
}

function roundsOf({ sizes, cases }) {
  const few = Object.entries(cases).flatMap(([viewer, found]) =>
    sizes.flatMap(size => {
      const count = found[size]?.rounds.length ?? 0;
      const all = cases.ours[sizes[0]].rounds.length;
      return count > 0 && count < all
        ? [`${labels[viewer]} with ${number(size)} nodes ${count}`]
        : [];
    })
  );
  return few.length > 0
    ? [`Fewer rounds, as they take long: ${few.join('; ')}.`]
    : [];
}

/** Everything that trees.mjs measures. */
export function treesTables({ trees }) {
  const idle = Object.values(trees.cases.ours).flatMap(({ rounds }) =>
    rounds.map(round => round.idle)
  );
  return [
    '### Call trees: first picture',
    sideBySide(trees, 'nodes', [
      ['ours', 'this package, the picture from typed arrays', 'picture'],
      ['d3_0', 'd3-flame-graph, the picture from objects', 'picture'],
      ['d3_1', 'the same, no boxes below 1 px', 'picture'],
      ['ours', 'this package, all of the view from its file', 'file'],
      ['speedscope', 'speedscope, from its file', 'file']
    ]),
    '### Call trees: until the answer is to be seen',
    `An idle page has ${ms(idle, 0)} here: two frames.`,
    sideBySide(trees, 'zoom', [
      ['ours', undefined, 'zoom'],
      ['d3_0', undefined, 'zoom'],
      ['d3_1', undefined, 'zoom'],
      ['speedscope', 'speedscope, a step', 'zoom']
    ]),
    sideBySide(trees, 'search', [
      ['ours', 'this package, all of the view', 'search'],
      ['d3_0', undefined, 'search'],
      ['d3_1', undefined, 'search']
    ]),
    '### Call trees: work of a frame',
    ownFrames(trees),
    sideBySide(trees, 'hover: script, style and layout', [
      ['d3_0', undefined, 'hover'],
      ['d3_1', undefined, 'hover']
    ]),
    '### Call trees: where the time of the first picture goes',
    ownStages(trees),
    ...roundsOf(trees)
  ].join('\n\n');
}
