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
