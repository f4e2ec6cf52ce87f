import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { NumberFormat } from '../profile/format';

/** Language of a view. */
export interface ILanguage {
  readonly trans: IRenderMime.TranslationBundle;
  /** As `en` or `pt_BR`. */
  readonly locale: string;
}

/** What every part of a view needs to speak to its reader. */
export interface IContext {
  readonly trans: IRenderMime.TranslationBundle;
  readonly numbers: NumberFormat;
}

/**
 * That a chunk did not come, and what helps.
 */
export function notLoaded({ trans }: IContext): string {
  return trans.__(
    'A part of jupyterlab-profiler did not load. Check the connection to the server and reload the page.'
  );
}
