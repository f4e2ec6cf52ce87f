import type { IMeta } from '../profile/model';
import type { IContext } from './context';

/**
 * How the profiled code ended, and where.
 *
 * @param file - name of the file where it ended, "" if that is not known
 */
export function statusSentence(
  meta: IMeta,
  file: string,
  context: IContext
): string {
  const sentence = ending(meta, file, context);
  return hasExited(meta)
    ? sentence
    : context.trans.__('%1 — what was measured until then is below.', sentence);
}

/** Whether the code ended by `sys.exit()` without a code, or with 0: as it was meant to. */
function hasExited({ status, where }: IMeta): boolean {
  return status === 'exit' && where?.text === 'SystemExit: 0';
}

function ending(meta: IMeta, file: string, { trans }: IContext): string {
  const { status, where } = meta;
  const text = where?.text ?? '';
  const line = where?.line ?? 0;
  const place =
    file && line > 0 ? trans.__('%1, line %2', file, `${line}`) : file;
  const isKnown = place && text;
  switch (status) {
    case 'interrupted':
      return isKnown
        ? trans.__('Interrupted in %1: %2', place, text)
        : trans.__('Interrupted');
    case 'exit':
      return hasExited(meta)
        ? place
          ? trans.__('Exited in %1: %2', place, text)
          : trans.__('Exited')
        : isKnown
          ? trans.__('Left in %1: %2', place, text)
          : trans.__('Left early');
    case 'other':
      return isKnown
        ? trans.__('Ended in another way in %1: %2', place, text)
        : text
          ? trans.__('Ended in another way: %1', text)
          : trans.__('Ended in another way');
    default:
      return isKnown
        ? trans.__('Failed in %1: %2', place, text)
        : text
          ? trans.__('Failed: %1', text)
          : trans.__('Failed');
  }
}
