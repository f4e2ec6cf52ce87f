import { NONE } from '../profile/indices';
import type { FuncIndex, ThreadIndex } from '../profile/indices';
import { shown } from './error';
import type { IFormat } from './format';
import { withNativeKinds } from './nativeKinds';
import {
  ProfileBuilder,
  SAMPLES,
  type IFunctionParts,
  type IThreadParts
} from './profileBuilder';
import {
  isObjectPath,
  isPythonPath,
  located,
  pythonFunction,
  trampolineFunction
} from './pythonFrame';
import { StackTree } from './stackTree';
import { TextLines } from './textLines';

/** Frames of a stack, and behind the last blank how often it was seen. */
const STACK = /^(.*) (\d+(?:\.\d+)?)$/;

/** Lines that are looked at to tell the kind. */
const LOOKED_AT = 50;

/**
 * Collapsed (folded) stacks, as flamegraph.pl takes them: `root;child;leaf COUNT` a line. Blank lines and those that
 * begin with `#` count nothing.
 *
 * What tools put into the names of frames is taken apart: `name (path:line)` of py-spy and its frames for processes and
 * threads; `_[k]`, `_[j]`, `_[i]` of stackcollapse-perf.pl; `[inline]` and `<address>` of google-pprof; `py::name:path`
 * of CPython's perf trampoline.
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
    const stacks = new StackTree(builder);
    const frames = new FrameNames(builder, stacks);
    const lines = new TextLines(bytes, onProgress);
    let empty = 0;
    lines.each(line => {
      if (!isStack(line)) {
        return;
      }
      const parts = STACK.exec(line);
      const count = Number(parts?.[2]);
      if (!parts || !Number.isFinite(count)) {
        throw lines.error(
          `Expected a stack and a count behind its last blank, found ${shown(line)}`
        );
      }
      if (parts[1] === '') {
        empty += count; // py-spy writes them for threads that were between frames
        return;
      }
      const texts = parts[1].split(';');
      const { thread, from } = frames.threadOf(texts);
      let node: number = NONE;
      for (let i = from; i < texts.length; i++) {
        node = stacks.frames.child(node, frames.frame(texts[i]), thread);
      }
      stacks.frames.add(node, 'self.samples', count);
    });
    if (empty > 0) {
      builder.warn(
        'empty-stacks',
        `${empty} samples have no stack. They are not in the profile.`
      );
    }
    stacks.finish();
    return withNativeKinds(builder.done('collapsed stacks', name));
  }
};

function isStack(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#');
}

/** py-spy's frame for a process. */
const PROCESS = /^process (\d{1,10}):"(.*)"$/;

/** py-spy's frame for a thread. */
const THREAD = /^thread \((0x[\da-fA-F]{1,13}|\d{1,15})\)(?:: (.*))?$/;

/** What the texts of frames stand for, each looked at once. */
class FrameNames {
  constructor(
    private readonly _builder: ProfileBuilder,
    private readonly _stacks: StackTree
  ) {}

  /**
   * The thread that the first frames stand for, and the first frame that is a function.
   */
  threadOf(frames: readonly string[]): { thread: ThreadIndex; from: number } {
    let from = 0;
    let parts: IThreadParts = { name: '' };
    const process = PROCESS.exec(frames[from]);
    if (process && frames.length > 1) {
      const [, pid, command] = process;
      parts = { name: command, kind: 'process', pid: Number(pid) };
      from++;
    }
    const thread = THREAD.exec(frames[from]);
    if (thread && frames.length > from + 1) {
      const [text, tid, label] = thread;
      const { pid } = parts;
      parts = { name: label ?? text, pid, tid: Number(tid) };
      from++;
    }
    return { thread: this._builder.thread(parts), from };
  }

  frame(text: string): FuncIndex {
    let frame = this._frames.get(text);
    if (frame === undefined) {
      frame = this._make(text);
      this._frames.set(text, frame);
    }
    return frame;
  }

  private _make(text: string): FuncIndex {
    const inline = unsuffixed(text, '[inline]') ?? unsuffixed(text, '_[i]');
    const kernel = unsuffixed(text, '_[k]');
    const jit = unsuffixed(text, '_[j]');
    let name = inline ?? kernel ?? jit ?? text;
    let address = 0;
    const addressed = /<([\da-f]{16})>$/.exec(name.slice(-18));
    if (addressed && name.length > 18) {
      name = name.slice(0, -18);
      address = Number(`0x${addressed[1]}`);
    }
    const { line, ...parts } = partsOf(name);
    const func = this._builder.func(
      kernel !== null
        ? { ...parts, kind: 'native', object: '[kernel]' }
        : jit !== null
          ? { kind: 'jit', ...parts }
          : parts
    );
    return this._stacks.frame({
      func,
      line,
      file: line ? this._builder.file(parts.path ?? '') : NONE,
      address,
      inlined: inline !== null
    });
  }

  private readonly _frames = new Map<string, FuncIndex>();
}

/** A function, and the line that it was at. */
function partsOf(text: string): IFunctionParts {
  const trampoline = trampolineFunction(text);
  if (trampoline) {
    return trampoline;
  }
  const place = located(text);
  if (!place) {
    return { name: text };
  }
  const { name, path, line } = place;
  return isPythonPath(path)
    ? { ...pythonFunction(name, path), line }
    : isObjectPath(path)
      ? { name, object: path, kind: 'native' }
      : { name, path, line };
}

/** The text before a suffix; `null` if it does not end so. */
function unsuffixed(text: string, suffix: string): string | null {
  return text.length > suffix.length && text.endsWith(suffix)
    ? text.slice(0, -suffix.length)
    : null;
}
