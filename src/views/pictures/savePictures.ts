import { saveBlob } from '../saveFile';

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
