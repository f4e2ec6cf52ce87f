import { notLoaded, type IContext } from '../context';
import { element } from '../dom';
import type { IMapShown, MapLack } from './mapModel';

/**
 * What is to be said before a map: that there is none and why, or that it is an estimate, or not of all.
 */
export function mapNotice(
  shown: IMapShown | MapLack,
  { trans, numbers }: IContext
): Node[] {
  const note = (text: string) =>
    element('p', { className: 'jp-Profiler-note', text });
  switch (shown) {
    case 'waiting':
      return [note(trans.__('Loading …'))];
    case 'no-calls':
      return [
        note(
          trans.__(
            'This profile does not say who called whom, so there is no map of calls.'
          )
        )
      ];
    case 'no-values':
      return [
        note(
          trans.__(
            'No boxes can be drawn: the values are none, or below 0, or do not add up.'
          )
        )
      ];
  }
  const notices: Node[] = [];
  if (shown.isEstimate) {
    notices.push(
      element('div', {
        className: 'jp-Profiler-notice jp-Profiler-estimate',
        text: trans.__(
          'An estimate, made of sums for each caller and callee. Hatched boxes may be wrong by much, or never have been; a box is solid only while every function on the way to it has one caller. By location all is exact.'
        )
      })
    );
  }
  if (shown.leftOut > 0) {
    notices.push(
      note(
        trans._n(
          '%2 function is left out, as its own value is not known or below 0.',
          '%2 functions are left out, as their own values are not known or below 0.',
          shown.leftOut,
          numbers.count(shown.leftOut)
        )
      )
    );
  }
  return notices;
}

/** That something did not come. */
export function loadFault(context: IContext): Node {
  return element('p', {
    className: 'jp-Profiler-note',
    text: notLoaded(context),
    attributes: { role: 'alert' }
  });
}
