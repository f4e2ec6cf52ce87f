// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';

import { whenNear } from '../sight';

type Callback = (entries: { isIntersecting: boolean }[]) => void;

/** What stands for the browser's observer, and tells what it is told. */
class Observer {
  static last: Observer;
  readonly nodes: Element[] = [];
  isConnected = true;

  constructor(
    readonly tell: Callback,
    readonly options: { scrollMargin: string }
  ) {
    Observer.last = this;
  }

  observe(node: Element): void {
    this.nodes.push(node);
  }

  disconnect(): void {
    this.isConnected = false;
  }
}

afterEach(() => vi.unstubAllGlobals());

describe('an output', () => {
  const node = document.createElement('div');

  it('is drawn once, when it comes near', () => {
    vi.stubGlobal('IntersectionObserver', Observer);
    const draw = vi.fn<() => void>();
    whenNear(node, draw);
    const { last } = Observer;
    expect(last.nodes).toEqual([node]);
    last.tell([{ isIntersecting: false }]);
    expect(draw).not.toHaveBeenCalled();
    last.tell([{ isIntersecting: true }]);
    expect(draw).toHaveBeenCalledOnce();
    expect(last.isConnected).toBe(false);
  });

  it('is not waited for any more when it is gone', () => {
    vi.stubGlobal('IntersectionObserver', Observer);
    const stop = whenNear(node, () => undefined);
    stop();
    expect(Observer.last.isConnected).toBe(false);
  });

  it('is drawn at once where nobody can tell', () => {
    vi.stubGlobal('IntersectionObserver', undefined);
    const draw = vi.fn<() => void>();
    whenNear(node, draw);
    expect(draw).toHaveBeenCalledOnce();
  });
});
