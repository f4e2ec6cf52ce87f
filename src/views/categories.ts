import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { Category } from '../profile/categories';

/**
 * What a category is called.
 */
export function categoryName(
  category: Category,
  trans: IRenderMime.TranslationBundle
): string {
  switch (category) {
    case 'notebook':
      return trans.__('My notebook');
    case 'files':
      return trans.__('My files');
    case 'packages':
      return trans.__('Packages');
    case 'stdlib':
      return trans.__('Standard library');
    case 'compiled':
      return trans.__('Compiled');
    default:
      return trans.__('Other');
  }
}

/**
 * What belongs to a category, in a sentence.
 */
export function categoryCaption(
  category: Category,
  trans: IRenderMime.TranslationBundle
): string {
  switch (category) {
    case 'notebook':
      return trans.__('Functions of this notebook’s cells.');
    case 'files':
      return trans.__('Python files that are not installed as a package.');
    case 'packages':
      return trans.__('Python code of installed packages.');
    case 'stdlib':
      return trans.__('Python code of the standard library.');
    case 'compiled':
      return trans.__(
        'Functions written in C or C++: builtins and extension modules.'
      );
    default:
      return trans.__(
        'Generated code, waiting, and what else belongs to no file.'
      );
  }
}
