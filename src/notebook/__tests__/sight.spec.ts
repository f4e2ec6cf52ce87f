// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { whenInSight } from '../sight';

type Callback = (entries: { isIntersecting: boolean }[]) => void;

/** What stands for the browser's observers, and tells what they are told. */
class Observer {
  static all: Observer[];
  readonly nodes: Element[] = [];
  isConnected = true;

  constructor(
    readonly tell: Callback,
    readonly options: { rootMargin: string }
  ) {
    Observer.all.push(this);
  }

  observe(node: Element): void {
    this.nodes.push(node);
  }

  disconnect(): void {
    this.isConnected = false;
  }
}

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', Observer);
  Observer.all = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('an output', () => {
  const node = document.createElement('div');
  const draw = vi.fn<() => void>();

  const wait = () => {
    draw.mockClear();
    const stop = whenInSight(node, draw);
    expect(Observer.all.map(({ nodes }) => nodes)).toEqual([[node]]);
    return { observer: Observer.all[0], stop };
  };

  it('is drawn once, when it comes into sight by more than an edge', () => {
    const { observer } = wait();
    expect(observer.options.rootMargin).toBe('-64px 0px');
    observer.tell([{ isIntersecting: false }]);
    expect(draw).not.toHaveBeenCalled();
    observer.tell([{ isIntersecting: true }]);
    expect(draw).toHaveBeenCalledOnce();
    expect(observer.isConnected).toBe(false);
  });

  it('is not waited for any more when it is gone', async () => {
    const { observer, stop } = wait();
    stop();
    await Promise.resolve();
    expect(draw).not.toHaveBeenCalled();
    expect(observer.isConnected).toBe(false);
  });

  it('is drawn at once where nobody can tell', () => {
    vi.stubGlobal('IntersectionObserver', undefined);
    draw.mockClear();
    whenInSight(node, draw);
    expect(draw).toHaveBeenCalledOnce();
  });
});

describe('outputs that have just been put into the page', () => {
  const box = (top: number, height: number, width = 600) => {
    const node = document.createElement('div');
    node.getBoundingClientRect = () => new DOMRect(0, top, width, height);
    return node;
  };

  it('are drawn before the next frame where they are in sight', async () => {
    const drawn: string[] = [];
    const all: [string, HTMLElement][] = [
      ['first', box(100, 300)],
      ['above', box(-300, 320)],
      ['half above', box(-300, 400)],
      ['below', box(window.innerHeight - 20, 300)],
      ['hidden', box(0, 0, 0)]
    ];
    for (const [name, node] of all) {
      whenInSight(node, () => drawn.push(name));
    }
    expect(drawn).toEqual([]);
    await Promise.resolve();
    expect(drawn).toEqual(['first', 'half above']);
  });

  it('are all measured before one is drawn', async () => {
    const order: string[] = [];
    for (const name of ['a', 'b']) {
      const node = box(100, 300);
      node.getBoundingClientRect = () => {
        order.push(`measure ${name}`);
        return new DOMRect(0, 100, 600, 300);
      };
      whenInSight(node, () => order.push(`draw ${name}`));
    }
    await Promise.resolve();
    expect(order).toEqual(['measure a', 'measure b', 'draw a', 'draw b']);
  });
});
