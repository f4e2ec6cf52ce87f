import type { FuncIndex } from '../profile/indices';
import { shown } from './error';
import type { IFormat } from './format';
import { ProfileBuilder, SAMPLES } from './profileBuilder';
import { TextLines } from './textLines';

/** Frames of a stack, and behind the last blank how often it was seen. */
const STACK = /^(.+) (\d+(?:\.\d+)?)$/;

/** Lines that are looked at to tell the kind. */
const LOOKED_AT = 50;

/**
 * Collapsed (folded) stacks, as flamegraph.pl takes them: `root;child;leaf COUNT` a line. Blank lines and those that
 * begin with `#` count nothing.
 */
export const COLLAPSED: IFormat = {
  id: 'collapsed',
  label: 'collapsed stacks',
  sniff(head, size) {
    const lines = new TextDecoder().decode(head).split('\n');
    if (size > head.length) {
      lines.pop(); // it may be cut
    }
    const stacks = lines
      .slice(0, LOOKED_AT)
      .map(line => line.replace(/\r$/, ''))
      .filter(isStack);
    return (
      stacks.length > 0 &&
      stacks.every(line => STACK.test(line)) &&
      (stacks.length > 1 || stacks[0].includes(';'))
    );
  },
  read(bytes, { name, onProgress }) {
    const builder = new ProfileBuilder({ name: 'collapsed stacks' });
    builder.metric(SAMPLES);
    const lines = new TextLines(bytes, onProgress);
    const functions = new Map<string, FuncIndex>();
    const funcOf = (frame: string): FuncIndex => {
      let func = functions.get(frame);
      if (func === undefined) {
        func = builder.func({ name: frame });
        functions.set(frame, func);
      }
      return func;
    };
    for (let line = lines.next(); line !== null; line = lines.next()) {
      if (!isStack(line)) {
        continue;
      }
      const parts = STACK.exec(line);
      if (!parts) {
        throw lines.error(
          `Expected a stack and a count behind its last blank, found ${shown(line)}`
        );
      }
      const frames = parts[1].split(';');
      builder.paths.add(
        builder.paths.stack(frames.map(funcOf)),
        'self.samples',
        Number(parts[2])
      );
    }
    return builder.done('collapsed stacks', name);
  }
};

function isStack(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#');
}
