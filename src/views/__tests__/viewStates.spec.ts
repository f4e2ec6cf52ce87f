// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  DEFAULT_VIEW_STATE,
  readViewState,
  type IViewState
} from '../../profile/viewState';
import { ViewStates } from '../viewStates';

const KEY = 'jupyterlab-profiler:view-states';

/** A storage as browsers have it, with room for so many characters. */
class Shelf {
  constructor(private readonly _room = Infinity) {}
  texts = new Map<string, string>();
  writes = 0;

  getItem(key: string): string | null {
    return this.texts.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    this.writes++;
    if (text.length > this._room) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    this.texts.set(key, text);
  }
}

const on = (shelf: Shelf) => new ViewStates(() => shelf as unknown as Storage);
const state = (change: Partial<IViewState>): IViewState => ({
  ...DEFAULT_VIEW_STATE,
  ...change
});
const read = (states: ViewStates, key: string) =>
  readViewState(states.read(key));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives back what was kept, at once and after the page was loaded anew', () => {
  const shelf = new Shelf();
  const states = on(shelf);
  states.write('a', state({ group: 'file', search: 'x' }));
  states.write('b', state({ percent: true }));
  expect(read(states, 'a')).toEqual(state({ group: 'file', search: 'x' }));
  expect(read(states, 'c')).toBe(DEFAULT_VIEW_STATE);
  vi.runAllTimers();
  expect(read(on(shelf), 'a')).toEqual(state({ group: 'file', search: 'x' }));
  expect(read(on(shelf), 'b')).toEqual(state({ percent: true }));
});

it('writes once for many changes, after a pause', () => {
  const shelf = new Shelf();
  const states = on(shelf);
  for (let i = 0; i < 50; i++) {
    states.write('a', state({ search: `${i}` }));
    vi.advanceTimersByTime(5);
  }
  expect(shelf.writes).toBe(0);
  vi.advanceTimersByTime(500);
  expect(shelf.writes).toBe(1);
  expect(read(on(shelf), 'a').search).toBe('49');
  states.write('a', state({ search: 'more' }));
  vi.runAllTimers();
  expect(shelf.writes).toBe(2);
});

it('keeps nothing of a result that nothing tells from others', () => {
  const shelf = new Shelf();
  const states = on(shelf);
  states.write('', state({ search: 'x' }));
  vi.runAllTimers();
  expect(read(states, '')).toBe(DEFAULT_VIEW_STATE);
  expect(shelf.writes).toBe(0);
});

it('keeps the 200 that were changed last', () => {
  const shelf = new Shelf();
  const states = on(shelf);
  for (let i = 0; i < 200; i++) {
    states.write(`k${i}`, state({ search: `${i}` }));
  }
  states.write('k0', state({ search: 'again' }));
  states.write('k200', state({ search: '200' }));
  vi.runAllTimers();
  for (const one of [states, on(shelf)]) {
    expect(read(one, 'k1')).toBe(DEFAULT_VIEW_STATE);
    expect(read(one, 'k0').search).toBe('again');
    expect(read(one, 'k2').search).toBe('2');
    expect(read(one, 'k200').search).toBe('200');
  }
  expect(JSON.parse(shelf.texts.get(KEY) ?? '').length).toBe(200);
});

it('keeps no state that is too long, as names from a payload can make it', () => {
  const shelf = new Shelf();
  const states = on(shelf);
  states.write('a', state({ search: 'x' }));
  states.write('a', state({ selection: ['y'.repeat(20_000)] }));
  vi.runAllTimers();
  expect(read(on(shelf), 'a')).toEqual(state({ search: 'x' }));
  expect((shelf.texts.get(KEY) ?? '').length).toBeLessThan(1_000);
});

describe('a storage', () => {
  it('that is full keeps what it had; the page keeps the rest', () => {
    const shelf = new Shelf(1000);
    const states = on(shelf);
    states.write('a', state({ search: 'x' }));
    vi.runAllTimers();
    states.write('b', state({ open: ['y'.repeat(900)] }));
    vi.runAllTimers();
    expect(read(states, 'b').open.length).toBe(1);
    expect(read(on(shelf), 'a').search).toBe('x');
    expect(read(on(shelf), 'b')).toBe(DEFAULT_VIEW_STATE);
  });

  it.each([
    'no JSON',
    'null',
    '5',
    '{"a": 1}',
    '[1, null, [], ["a"], [5, {}], ["a", 5], ["a", {"open": 7, "view": "x"}]]',
    '[["__proto__", {"percent": true}]]'
  ])('with rubbish in it is as good as empty: %s', text => {
    const shelf = new Shelf();
    shelf.texts.set(KEY, text);
    const states = on(shelf);
    expect(read(states, 'a')).toEqual(DEFAULT_VIEW_STATE);
    states.write('a', state({ search: 'x' }));
    vi.runAllTimers();
    expect(read(on(shelf), 'a').search).toBe('x');
  });

  it('that the browser does not allow is done without', () => {
    const states = new ViewStates(() => {
      throw new DOMException('no', 'SecurityError');
    });
    states.write('a', state({ search: 'x' }));
    vi.runAllTimers();
    expect(read(states, 'a').search).toBe('x');
  });

  it('of another window keeps what that one wrote', () => {
    const shelf = new Shelf();
    const here = on(shelf);
    const there = on(shelf);
    here.write('a', state({ search: 'x' }));
    there.write('b', state({ search: 'y' }));
    vi.runAllTimers();
    expect(read(on(shelf), 'a').search).toBe('x');
    expect(read(on(shelf), 'b').search).toBe('y');
  });
});

it('writes what it has when the page goes away', () => {
  const shelf = new Shelf();
  const states = on(shelf);
  states.write('a', state({ search: 'x' }));
  window.dispatchEvent(new Event('pagehide'));
  expect(read(on(shelf), 'a').search).toBe('x');
  vi.runAllTimers();
  expect(shelf.writes).toBe(1);
});
