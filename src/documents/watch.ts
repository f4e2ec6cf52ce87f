import type { Contents } from '@jupyterlab/services';
import type { Widget } from '@lumino/widgets';

/** Ms between two looks at the files. */
const PAUSE = 4000;

/**
 * Looks whether files have changed, as long as a widget is in sight: another program writes them, and the server tells
 * of nothing.
 *
 * @param onChange - told when at least one has another time or size than before
 */
export function watchFiles(
  widget: Widget,
  paths: readonly string[],
  contents: Contents.IManager,
  onChange: () => void
): { dispose(): void } {
  let before: string | null = null;
  let isLooking = false;
  const look = async () => {
    if (isLooking || !widget.isVisible || document.hidden) {
      return;
    }
    isLooking = true;
    try {
      const found = await Promise.all(
        paths.map(path => contents.get(path, { content: false }))
      );
      const now = found
        .map(({ last_modified: time, size }) => `${time} ${size}`)
        .join('\n');
      if (before !== null && before !== now && !widget.isDisposed) {
        onChange();
      }
      before = now;
    } catch {
      // Gone, or the server is: what is shown stays.
    } finally {
      isLooking = false;
    }
  };
  void look();
  const timer = window.setInterval(() => void look(), PAUSE);
  return { dispose: () => window.clearInterval(timer) };
}
