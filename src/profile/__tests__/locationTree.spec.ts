import { describe, expect, it } from 'vitest';

import { FunctionKeys } from '../keys';
import { locationTree } from '../locationTree';
import { fileLabels } from '../names';
import { functionRows } from '../rows';
import { metricOf, profileOf, type IFunctionSpec } from './build';

/** Locations as one would draw them: kind, name, total. */
function located(functions: readonly IFunctionSpec[], combine = 'sum') {
  const profile = profileOf(functions, {
    metrics: [metricOf('time', 'ns', { combine }), metricOf('calls', 'count')]
  });
  const found = locationTree(
    profile,
    functionRows(profile),
    fileLabels(profile),
    new FunctionKeys(profile)
  );
  return (
    found && {
      ...found,
      drawing: found.places.map(
        ({ kind, name, category }, node) =>
          `${'  '.repeat(found.tree.depth[node])}${kind} ${
            kind === 'function'
              ? profile.functions.name[found.tree.func[node]]
              : name || category
          } ${found.tree.self[node]} ${found.tree.total[node]}`
      )
    }
  );
}

const pandas = { origin: 'package', package: 'pandas' } as const;

describe('locations', () => {
  it('are packages, directories, files and functions; what a file does itself is its own', () => {
    const found = located([
      { name: 'read', path: '/v/pandas/io/csv.py', self: 3, ...pandas },
      { name: '<module>', path: '/v/pandas/io/csv.py', self: 1, ...pandas },
      { name: 'join', path: '/v/pandas/core/join.py', self: 3, ...pandas },
      { name: 'len', kind: 'builtin', self: 2 }
    ]);
    expect(found?.drawing).toEqual([
      'group pandas 0 7',
      '  directory io 0 4',
      '    file csv.py 1 4',
      '      function read 3 3',
      '  directory core 0 3',
      '    file join.py 0 3',
      '      function join 3 3',
      'group compiled 0 2',
      '  function len 2 2'
    ]);
    expect(found?.tree.whole).toBe(9);
    expect(new Set(found?.places.map(({ key }) => key)).size).toBe(9);
  });

  it('have directories only where they tell files apart', () => {
    expect(
      located([
        { name: 'a', path: '/v/pandas/io/x/y/a.py', self: 2, ...pandas },
        { name: 'b', path: '/v/pandas/b.py', self: 1, ...pandas }
      ])?.drawing
    ).toEqual([
      'group pandas 0 3',
      '  directory io/x/y 0 2',
      '    file a.py 0 2',
      '      function a 2 2',
      '  file b.py 0 1',
      '    function b 1 1'
    ]);
  });

  it('tell how many values cannot be drawn', () => {
    expect(
      located([
        { name: 'a', self: 2 },
        { name: 'b', self: -1 },
        { name: 'c', self: NaN },
        { name: 'd', self: 0 }
      ])?.leftOut
    ).toBe(2);
    expect(located([{ name: 'a', self: 0 }])).toBeNull();
    expect(located([{ name: 'a', self: 1 }], 'max')).toBeNull();
  });

  it('hold paths of a hundred thousand parts', () => {
    const path = `${'/a'.repeat(100_000)}/f.py`;
    const found = located([
      { name: 'f', path, self: 1 },
      { name: 'g', path: '/b/g.py', self: 1 }
    ]);
    expect(Math.max(...(found?.tree.depth ?? []))).toBeLessThan(20);
    expect(found?.tree.whole).toBe(2);
  });
});
