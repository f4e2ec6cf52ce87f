import type { IMeta } from '../profile/model';
import type { IContext } from './context';

/**
 * How the profiled code ended, and where.
 *
 * @param file - name of the file where it ended, "" if that is not known
 */
export function statusSentence(
  { status, where }: IMeta,
  file: string,
  { trans }: IContext
): string {
  const text = where?.text ?? '';
  const line = where?.line ?? 0;
  const place =
    file && line > 0 ? trans.__('%1, line %2', file, `${line}`) : file;
  switch (status) {
    case 'interrupted':
      return place && text
        ? trans.__(
            'Interrupted in %1: %2 — what was measured until then is below.',
            place,
            text
          )
        : trans.__('Interrupted — what was measured until then is below.');
    case 'exit':
      return place && text
        ? trans.__(
            'Left in %1: %2 — what was measured until then is below.',
            place,
            text
          )
        : trans.__('Left early — what was measured until then is below.');
    case 'other':
      return place && text
        ? trans.__(
            'Ended in another way in %1: %2 — what was measured until then is below.',
            place,
            text
          )
        : text
          ? trans.__(
              'Ended in another way: %1 — what was measured until then is below.',
              text
            )
          : trans.__(
              'Ended in another way — what was measured until then is below.'
            );
    default:
      return place && text
        ? trans.__(
            'Failed in %1: %2 — what was measured until then is below.',
            place,
            text
          )
        : text
          ? trans.__(
              'Failed: %1 — what was measured until then is below.',
              text
            )
          : trans.__('Failed — what was measured until then is below.');
  }
}
