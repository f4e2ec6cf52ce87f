// The figures of opening.mjs as a table.
import { number } from './figures.mjs';
import { bytes, ms, table } from './markdown.mjs';

export function openingTable({ opening }) {
  const { outputs, written, rounds } = opening;
  const of = (book, heat, key) => rounds.map(round => round[book][heat][key]);
  const later = (heat, key) =>
    rounds.map(({ texts, results }) => results[heat][key] - texts[heat][key]);
  const lines = [
    ['cold', 'seen', 'what is in sight is drawn, the first such notebook'],
    ['warm', 'seen', 'what is in sight is drawn, later'],
    ['cold', 'rest', 'the page is at rest, the first such notebook'],
    ['warm', 'rest', 'the page is at rest, later']
  ];
  const drawn = Math.max(...of('results', 'warm', 'drawn'));
  return [
    `### Opening a notebook with ${outputs} results`,
    table(
      ['', `${outputs} texts`, `${outputs} results`, 'results later by'],
      [
        [
          'bytes of the notebook',
          bytes(written.texts),
          bytes(written.results),
          ''
        ],
        ...lines.map(([heat, key, label]) => [
          label,
          ms(of('texts', heat, key), 0),
          ms(of('results', heat, key), 0),
          ms(later(heat, key), 0)
        ])
      ]
    ),
    `A payload has ${bytes(written.payload)}; ${number(drawn)} of the ${outputs} results were drawn when the page was at rest.`
  ].join('\n\n');
}
