import type { FuncIndex } from '../indices';
import type { ICallTree } from './callTree';

/** Characters of a text that a clipboard is asked to take. */
const MOST_CHARACTERS = 20_000_000;

/**
 * A tree as collapsed stacks, one line a node that owns something, as flame graph tools read them:
 *
 * ```
 *   main;f 2
 *   main;f;g 5
 * ```
 *
 * @param nameOf - what a function is called. What the format is made of, semicolons and line feeds, is replaced
 * @returns `null` where it would be too long
 */
export function collapsedStacks(
  tree: ICallTree,
  nameOf: (func: FuncIndex) => string
): string | null {
  const names = new Map<number, string>();
  const name = (func: FuncIndex) => {
    let text = names.get(func);
    if (text === undefined) {
      text = plainName(nameOf(func));
      names.set(func, text);
    }
    return text;
  };
  /** The text of the way to each depth. */
  const ways: string[] = [];
  const lines: string[] = [];
  let length = 0;
  for (let node = 0; node < tree.length; node++) {
    const depth = tree.depth[node];
    const own = name(tree.func[node]);
    ways[depth] = depth > 0 ? `${ways[depth - 1]};${own}` : own;
    const value = Math.round(tree.self[node]);
    if (value > 0) {
      const line = `${ways[depth]} ${value}`;
      length += line.length + 1;
      if (length > MOST_CHARACTERS) {
        return null;
      }
      lines.push(line);
    }
  }
  return lines.join('\n');
}

/** A name without what the format is made of. */
export function plainName(name: string): string {
  return name.replace(/[;\r\n]+/g, ' ');
}
