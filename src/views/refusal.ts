import { FileRefused } from '../formats/error';
import { WireError } from '../wire/error';
import type { IContext } from './context';
import { clipped, element } from './dom';

/**
 * Why a payload is not shown, in sentences.
 *
 * @param reason - what was thrown
 */
export function refusal(reason: unknown, { trans }: IContext): Node[] {
  if (reason instanceof FileRefused) {
    return [
      element('p', {
        text: trans.__(
          '%1 cannot be shown as a profile.',
          clipped(reason.fileName)
        )
      }),
      element('p', { className: 'jp-Profiler-reason', text: reason.message })
    ];
  }
  if (!(reason instanceof WireError)) {
    // A mistake of ours. The console gets the rest of it.
    console.error(reason);
    return [
      element('p', {
        text: trans.__('This profile cannot be shown: %1', String(reason))
      })
    ];
  }
  const sentence =
    reason.code === 'newer'
      ? trans.__(
          'This profile was written by a newer version of jupyterlab-profiler. Update jupyterlab-profiler to see it.'
        )
      : reason.code === 'limit'
        ? trans.__('This profile is too large to be shown.')
        : trans.__('This profile is damaged and cannot be shown.');
  return [
    element('p', { text: sentence }),
    element('p', { className: 'jp-Profiler-reason', text: reason.message })
  ];
}
