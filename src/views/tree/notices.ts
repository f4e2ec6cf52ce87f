import { readTransforms } from '../../profile/tree/transforms';
import type { IContext } from '../context';
import { element } from '../dom';
import type { Result } from '../result';
import type { IShown, TreeModel } from './treeModel';

/**
 * What is to be said before a tree: that there is none and why, or that it is an estimate.
 *
 * @param shown - `null` where no tree was made
 * @param isDrawn - whether boxes can stand for its values
 */
export function treeNotice(
  model: TreeModel,
  shown: IShown | null,
  isDrawn: boolean,
  result: Result,
  { trans }: IContext
): Node[] {
  const note = (text: string) =>
    element('p', { className: 'jp-Profiler-note', text });
  if (shown && !isDrawn) {
    return [
      note(
        shown.lack === 'no-callers'
          ? trans.__('An estimate cannot be turned upside down.')
          : shown.lack === 'no-centre'
            ? trans.__(
                'The selected function is not in the tree. Select another one in any view.'
              )
            : readTransforms(result.state.transforms).length > 0
              ? trans.__('Nothing is left of the tree after these changes.')
              : trans.__(
                  'No boxes can be drawn: the values are none, or below 0, or do not add up.'
                )
      )
    ];
  }
  if (model.hasPaths) {
    return shown
      ? []
      : [note(trans.__('No values were measured by call path.'))];
  }
  if (!model.hasEdges) {
    return [
      note(
        trans.__(
          'This profile does not say who called whom, so there is no tree of calls.'
        )
      )
    ];
  }
  const button = (text: string, estimate: boolean) => {
    const node = element('button', {
      className: 'jp-Profiler-button',
      text,
      attributes: { type: 'button' }
    });
    node.addEventListener('click', () => result.update({ estimate, zoom: [] }));
    return node;
  };
  if (!shown) {
    return [
      element('div', { className: 'jp-Profiler-offer' }, [
        note(
          trans.__(
            'This profile holds sums for each caller and callee. Sums carry no tree: where a function has several callers, they do not tell which of its calls led on to what.'
          )
        ),
        note(
          trans.__(
            'A tree can be estimated, as if each call of a function had been like all others. Parts of it can be wrong by much, and may show ways that were never taken.'
          )
        ),
        button(trans.__('Show an estimate'), true)
      ])
    ];
  }
  return [
    element('div', { className: 'jp-Profiler-notice jp-Profiler-estimate' }, [
      element('span', {
        text: trans.__(
          'An estimate, made of sums for each caller and callee. Hatched boxes may be wrong by much, or never have been; a box is solid only while every function on the way to it has one caller.'
        )
      }),
      button(trans.__('Hide the estimate'), false)
    ])
  ];
}
