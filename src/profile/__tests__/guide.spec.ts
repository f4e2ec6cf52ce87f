/**
 * A worked example of a guide to profiling, and what its reader must see in it. The numbers are those of its table
 * (`tests/data/pstats/guide-top30.txt`) and of what its text makes of them.
 */
import { beforeAll, describe, expect, it } from 'vitest';

import { accountOf } from '../account';
import type { CallGraph } from '../callGraph';
import { spineOf } from '../chains';
import { NONE, type FuncIndex } from '../indices';
import { callOutliers } from '../outliers';
import { displayName } from '../names';
import { compiledShare, sumOverFunctions, wholeOf } from '../rows';
import { savedBy } from '../whatIf';
import { wrapperChain } from '../wrapperChain';
import { find, sampleGraph } from './graphs';

let graph: CallGraph;
let whole: number;

beforeAll(async () => {
  graph = await sampleGraph('guide');
  whole = wholeOf(graph.profile, graph.rows);
});

const seconds = (nanoseconds: number) => Number((nanoseconds / 1e9).toFixed(3));

function rowOf(end: string) {
  const row = graph.rowOf(find(graph, end));
  if (row === NONE) {
    throw new Error(`${end} has no row`);
  }
  return row;
}

const names = (functions: readonly FuncIndex[]) =>
  functions.map(func => displayName(graph.profile, func));

describe('the example of the guide', () => {
  it('is of 36.536 s, of which its 30 rows own 26.9', () => {
    expect(seconds(whole)).toBe(36.536);
    const own = sumOverFunctions(graph.profile, graph.rows, graph.rows.self);
    expect(seconds(own)).toBe(26.874);
  });

  it('has a spine of 7 frames that own 0.25 s', () => {
    const spine = spineOf(graph, whole);
    expect(names(spine?.functions ?? [])).toEqual([
      '<module>',
      'parseAndRun',
      'run',
      'map',
      '__call__',
      'run',
      'mosaic'
    ]);
    expect(seconds(spine?.self ?? NaN)).toBe(0.253);
    expect(seconds(spine?.total ?? NaN)).toBe(36.538);
  });

  it('splits mosaic into readCatalog, 70.3 % of all, and mergeCatalog, 20.1 %', () => {
    const account = accountOf(graph, find(graph, '(mosaic)'));
    expect(
      account?.callees.map(({ function: func, value }) => [
        func === NONE ? '' : displayName(graph.profile, func),
        seconds(value),
        Number(((value / whole) * 100).toFixed(1))
      ])
    ).toEqual([
      ['readCatalog', 25.686, 70.3],
      ['mergeCatalog', 7.344, 20.1]
    ]);
  });

  it('says of readCatalog: own 2.40, getAllForCcd 20.29, and 2.99 that the table does not show', () => {
    const account = accountOf(graph, find(graph, '(readCatalog)'));
    expect(seconds(account?.self ?? NaN)).toBe(2.404);
    expect(account?.callees.map(({ value }) => seconds(value))).toEqual([
      20.289
    ]);
    expect(seconds(account?.rest ?? NaN)).toBe(2.993);
    expect(account?.gap).toBe('unrecorded');
    expect(account?.callers).toEqual([
      {
        function: find(graph, '(mosaic)'),
        value: 25.686e9,
        calls: 1
      }
    ]);
  });

  it('subtracts for getAllForCcd what the reader had to subtract by hand', () => {
    const account = accountOf(graph, find(graph, '(getAllForCcd)'));
    expect(seconds(account?.self ?? NaN)).toBe(0.74);
    expect(account?.callees.map(({ value }) => seconds(value))).toEqual([
      13.592, 2.248
    ]);
    expect(seconds(account?.rest ?? NaN)).toBe(3.709);
  });

  it('leads through five Python rows to the C++ that reads', () => {
    const caller = find(graph, '(getAllForCcd)');
    const chain = wrapperChain(graph, find(graph, ':171(get)'), caller);
    expect(names(chain)).toEqual([
      'get',
      'get',
      '<lambda>',
      '_read',
      'readFits',
      '_tableLib.SourceCatalog_readFits'
    ]);
  });

  it('is at least 60.5 % C++: the leaves have 22.1 s', () => {
    const { rows, profile } = graph;
    const share = compiledShare(profile, rows);
    expect(Number((share * 100).toFixed(1))).toBe(60.5);
    expect(Number(((share * whole) / 1e9).toFixed(1))).toBe(22.1);
  });

  it('marks __init__, 153 718 calls of 12 µs, and no other row', () => {
    const marked = [...callOutliers(graph.rows, whole)];
    expect(marked).toEqual([rowOf(':776(__init__)')]);
    expect(graph.rows.totalPerCall[marked[0]] / 1000).toBeCloseTo(12.35, 1);
  });

  it('gives time for each item: 56 ms a CCD, 32 ms a file', () => {
    expect(graph.rows.totalPerCall[rowOf('(getAllForCcd)')] / 1e6).toBeCloseTo(
      56.4,
      1
    );
    expect(graph.rows.totalPerCall[rowOf(':7836(readFits)')] / 1e6).toBeCloseTo(
      32.0,
      1
    );
  });

  it('would save 3.1 s if the Python of two functions were free, and 5.2 if readFits were twice as fast', () => {
    const { self, total } = graph.rows;
    const own = self[rowOf('(readCatalog)')] + self[rowOf('(getAllForCcd)')];
    expect(seconds(savedBy(own, null))).toBe(3.144);
    expect(((own / whole) * 100).toFixed(1)).toBe('8.6');
    const reading = total[rowOf(':7836(readFits)')];
    expect(seconds(savedBy(reading, 2))).toBe(5.19);
  });
});

describe('a program of that shape, as cProfile wrote it', () => {
  it('has accounts that all add up, but for what the source left out', async () => {
    const mosaic = await sampleGraph('mosaic');
    const gaps = Array.from(mosaic.rows.function)
      .map(func => accountOf(mosaic, func as FuncIndex))
      .filter(account => account?.gap)
      .map(account => [
        displayName(mosaic.profile, account?.function as FuncIndex),
        account?.gap
      ]);
    expect(gaps).toEqual([]);
  });

  it('has its spine, and one leaf behind a chain of wrappers', async () => {
    const mosaic = await sampleGraph('mosaic');
    const spine = spineOf(mosaic, wholeOf(mosaic.profile, mosaic.rows));
    const name = (func: FuncIndex) => displayName(mosaic.profile, func);
    expect(spine?.functions.map(name)).toEqual([
      '<built-in method builtins.exec>',
      '<module>',
      'parseAndRun',
      'run',
      '__call__',
      'mosaic'
    ]);
    const read = find(mosaic, ':24(_read)');
    expect(wrapperChain(mosaic, read, read).map(name)).toEqual([
      '_read',
      'readFits',
      '<built-in method _starlib.SourceCatalog_readFits>'
    ]);
  });
});
