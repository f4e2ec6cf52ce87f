import type { IContext } from '../context';
import { saveText } from '../saveFile';
import { MOST_SHAPES, svgPicture, type IPainting } from './svgPicture';

/**
 * Let the browser save paintings as SVG, one below the other.
 *
 * @param title - what the picture is of
 * @param name - of the file, without its ending
 * @returns a sentence on what came of it
 */
export function saveSvg(
  paintings: readonly IPainting[],
  title: string,
  name: string,
  { trans, numbers }: IContext
): string {
  const text = svgPicture(paintings, title);
  if (text === null) {
    return trans.__(
      'The picture has more than %1 boxes, lines and names: too much for SVG. Let a smaller part fill it, or save it as PNG.',
      numbers.count(MOST_SHAPES)
    );
  }
  saveText(text, `${name}.svg`, 'image/svg+xml');
  return trans.__('The picture is saved');
}
