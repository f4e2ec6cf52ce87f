/**
 * Samples and events of speedscope's JSON straight from the bytes of a file, where they are written as tools write them.
 * As objects they would take ten times the memory.
 */
import { NONE } from '../profile/indices';
import type { FuncIndex, ThreadIndex } from '../profile/indices';
import { JsonCursor } from './jsonCursor';
import { NotPlain, type ISpan } from './jsonSpans';
import type { TreeBuilder } from './treeBuilder';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Lists of a file that were not parsed. Each has to be read, so that nothing in them is passed over. */
export class PlainLists {
  constructor(
    private readonly _bytes: Uint8Array,
    private readonly _spans: readonly ISpan[]
  ) {}

  /** Reads the list that `value` stands for; an empty one where there is none. */
  cursor(value: unknown): JsonCursor | null {
    if (value === undefined) {
      return null;
    }
    const span = this._spans[value as number];
    this._left.delete(value as number);
    return new JsonCursor(this._bytes, span);
  }

  requireAllRead(): void {
    if (this._left.size > 0) {
      throw new NotPlain();
    }
  }

  private readonly _left = new Set(this._spans.keys());
}

/**
 * Put the stacks of samples into a tree.
 *
 * @param frames - for each frame its number in the tree
 * @param add - told the node of a stack, `NONE` of an empty one, and its weight
 */
export function readSamples(
  samples: JsonCursor | null,
  weights: JsonCursor | null,
  frames: readonly FuncIndex[],
  tree: TreeBuilder,
  thread: ThreadIndex,
  add: (node: number, weight: number) => void
): void {
  /** Frames and nodes of the last stack: the next one mostly begins with the same. */
  const funcs: number[] = [];
  const nodes: number[] = [];
  eachItem(samples, weights, (stack, weight) => {
    let depth = 0;
    let node: number = NONE;
    let isSame = true;
    stack.expect(OPEN_LIST);
    if (!stack.take(CLOSE_LIST)) {
      do {
        const frame = stack.index(frames.length);
        isSame &&= depth < funcs.length && funcs[depth] === frame;
        if (!isSame) {
          nodes[depth] = tree.child(node, frames[frame], thread);
          funcs[depth] = frame;
        }
        node = nodes[depth++];
      } while (stack.take(COMMA));
      stack.expect(CLOSE_LIST);
    }
    funcs.length = depth;
    add(node, weight.number());
  });
}

/** Walk over two lists of one length. */
function eachItem(
  one: JsonCursor | null,
  other: JsonCursor | null,
  read: (one: JsonCursor, other: JsonCursor) => void
): void {
  if (!one || !other) {
    if (one || other) {
      throw new NotPlain();
    }
    return;
  }
  one.expect(OPEN_LIST);
  other.expect(OPEN_LIST);
  if (!one.take(CLOSE_LIST)) {
    do {
      read(one, other);
      if (!one.take(COMMA)) {
        break;
      }
      other.expect(COMMA);
    } while (true);
    one.expect(CLOSE_LIST);
  }
  other.expect(CLOSE_LIST);
  one.expectEnd();
  other.expectEnd();
}

/**
 * Walk over events.
 *
 * @param count - how many frames there are
 */
export function readEvents(
  events: JsonCursor | null,
  count: number,
  take: (isOpened: boolean, frame: number, at: number) => void
): void {
  if (!events) {
    return;
  }
  events.expect(OPEN_LIST);
  if (!events.take(CLOSE_LIST)) {
    do {
      readEvent(events, count, take);
    } while (events.take(COMMA));
    events.expect(CLOSE_LIST);
  }
  events.expectEnd();
}

function readEvent(
  events: JsonCursor,
  count: number,
  take: (isOpened: boolean, frame: number, at: number) => void
): void {
  let type = '';
  let frame = -1;
  let at = NaN;
  events.expect(OPEN_OBJECT);
  for (let i = 0; i < 3; i++) {
    if (i > 0) {
      events.expect(COMMA);
    }
    const key = events.text();
    events.expect(COLON);
    if (key === 'type') {
      type = events.text();
    } else if (key === 'frame') {
      frame = events.index(count);
    } else if (key === 'at') {
      at = events.number();
    } else {
      throw new NotPlain();
    }
  }
  events.expect(CLOSE_OBJECT);
  if ((type !== 'O' && type !== 'C') || frame < 0 || Number.isNaN(at)) {
    throw new NotPlain();
  }
  take(type === 'O', frame, at);
}
