import { notLoaded, type IContext } from '../context';
import { loadLater } from '../loadLater';
import { saveBlob } from '../saveFile';
import type { IPainting } from './svgPicture';

/**
 * Let the browser save pictures as they are seen, one below the other.
 *
 * @param name - of the file, without its ending
 */
export function savePictures(
  canvases: readonly HTMLCanvasElement[],
  name: string
): void {
  const whole = document.createElement('canvas');
  whole.width = Math.max(...canvases.map(({ width }) => width));
  whole.height = canvases.reduce((sum, { height }) => sum + height, 0);
  const context = whole.getContext('2d');
  let top = 0;
  for (const canvas of canvases) {
    context?.drawImage(canvas, 0, top);
    top += canvas.height;
  }
  whole.toBlob(blob => {
    if (blob) {
      saveBlob(blob, `${name}.png`);
    }
  }, 'image/png');
}

/**
 * Let the browser save paintings as SVG.
 *
 * @param title - what the picture is of
 * @param name - of the file, without its ending
 * @returns a sentence on what came of it
 */
export async function saveVectors(
  paintings: readonly IPainting[],
  title: string,
  name: string,
  context: IContext
): Promise<string> {
  try {
    const { saveSvg } = await loadLater();
    return saveSvg(paintings, title, name, context);
  } catch {
    return notLoaded(context);
  }
}
