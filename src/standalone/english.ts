import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

function fill(text: string, args: readonly unknown[]): string {
  return text.replace(/%(\d+)/g, (_, place) => `${args[Number(place) - 1]}`);
}

function singular(text: string, ...args: unknown[]): string {
  return fill(text, args);
}

/** Fills in placeholders as JupyterLab's translator does where there is no translation: a plural's %1 is its number. */
function plural(
  one: string,
  many: string,
  n: number,
  ...args: unknown[]
): string {
  return fill(n === 1 ? one : many, [n, ...args]);
}

/** English, without JupyterLab. */
export const trans: IRenderMime.TranslationBundle = {
  __: singular,
  _n: plural,
  _p: (_context: string, text: string, ...args: unknown[]) => fill(text, args),
  _np: (
    _context: string,
    one: string,
    many: string,
    n: number,
    ...args: unknown[]
  ) => plural(one, many, n, ...args),
  gettext: singular,
  ngettext: plural,
  pgettext: (_context: string, text: string, ...args: unknown[]) =>
    fill(text, args),
  npgettext: (
    _context: string,
    one: string,
    many: string,
    n: number,
    ...args: unknown[]
  ) => plural(one, many, n, ...args),
  dcnpgettext: (
    _domain: string,
    _context: string,
    one: string,
    many: string,
    n: number,
    ...args: unknown[]
  ) => plural(one, many, n, ...args)
};
