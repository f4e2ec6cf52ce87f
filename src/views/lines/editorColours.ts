import {
  EditorLanguageRegistry,
  jupyterHighlightStyle
} from '@jupyterlab/codemirror';

import { element } from '../dom';
import type { ColourText, IColoured, SourceLanguage } from './sourceColours';

/** Names of Python that JupyterLab's editors colour beside what the language's style has a class for. */
const BUILTIN =
  /(?<![\w.])(?:abs|all|any|bool|bytearray|bytes|callable|chr|classmethod|complex|dict|dir|divmod|enumerate|filter|float|format|frozenset|getattr|hasattr|hash|hex|id|input|int|isinstance|issubclass|iter|len|list|map|max|min|next|object|open|ord|pow|print|property|range|repr|reversed|round|set|setattr|slice|sorted|staticmethod|str|sum|super|tuple|type|vars|zip)(?!\w)/g;

/**
 * Colours a language as JupyterLab's editors do, with their language and their style.
 *
 * @param name - JupyterLab's name of the language
 * @returns null where JupyterLab has no such language
 */
export async function editorColours(
  name: SourceLanguage
): Promise<ColourText | null> {
  const registry = new EditorLanguageRegistry();
  const known = EditorLanguageRegistry.getDefaultLanguages().find(
    one => one.name === name
  );
  if (!known) {
    return null;
  }
  registry.addLanguage(known);
  const language = await registry.getLanguage(name);
  mountStyle();
  return async text => {
    const node = element('pre');
    await registry.highlight(text, language, node);
    return partsOf(node, name === 'Python');
  };
}

/** Where the coloured parts of a text are that JupyterLab has made nodes of. */
function partsOf(
  node: HTMLElement,
  hasBuiltins: boolean
): readonly IColoured[] {
  const parts: IColoured[] = [];
  let at = 0;
  for (const child of node.childNodes) {
    const text = child.textContent ?? '';
    if (child instanceof HTMLElement) {
      const { className } = child;
      parts.push({ from: at, to: at + text.length, className });
    } else if (hasBuiltins) {
      for (const { 0: name, index } of text.matchAll(BUILTIN)) {
        parts.push({
          from: at + index,
          to: at + index + name.length,
          className: 'jp-Profiler-builtin'
        });
      }
    }
    at += text.length;
  }
  return parts;
}

/** The style's rules are in the page as soon as an editor has it; here there may be none. */
function mountStyle(): void {
  const { module } = jupyterHighlightStyle;
  const mount: unknown = module && Reflect.get(module.constructor, 'mount');
  if (typeof mount === 'function') {
    mount.call(module?.constructor, document, module);
  }
}
