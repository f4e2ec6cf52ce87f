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
  return context.trans.__(
    '%1 — what was measured until then is below.',
    ending(meta, file, context)
  );
}

function ending(
  { status, where }: IMeta,
  file: string,
  { trans }: IContext
): string {
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
      return isKnown
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
