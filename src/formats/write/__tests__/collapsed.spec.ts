import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pathsOf, profileOf } from '../../../profile/__tests__/build';
import { trees } from '../../../profile/__tests__/trees';
import { dataFile, read, stacksOf, sumOf } from '../../__tests__/readings';
import { COLLAPSED } from '../../collapsed';
import { IGPROF } from '../../igprof';
import { ProfileBuilder, SAMPLES } from '../../profileBuilder';
import { toCollapsed } from '../collapsed';
import { mainMetric } from '../refusals';

const functions = ['main', 'f', 'g', 'a b'].map(name => ({ name }));

describe('toCollapsed', () => {
  it('has a line for each stack with a value of its own', () => {
    const paths = pathsOf([
      [0, 0, 1, 1],
      [1, 1, 2, 1],
      [2, 2, 5, 1],
      [2, 3, 0, 1],
      [1, 1, 3, 1]
    ]);
    expect(toCollapsed(profileOf(functions, { paths }))).toBe(
      'main 1\nmain;f 5\nmain;f;g 5\n'
    );
  });

  it('has whole numbers, halves to even, and none that is not above 0', () => {
    const paths = pathsOf([
      [0, 0, 0.5, 1],
      [0, 1, 1.5, 1],
      [0, 2, -4, 1],
      [0, 3, 2 ** 61 + 512, 1]
    ]);
    expect(toCollapsed(profileOf(functions, { paths }))).toBe(
      'f 2\na b 2305843009213694464\n'
    );
  });

  it('is empty for call paths that no time was spent in', () => {
    const paths = pathsOf([[0, 0, 0, 1]]);
    expect(toCollapsed(profileOf(functions, { paths }))).toBe('');
  });

  it('keeps names in one piece', () => {
    const names = ['a;\r\nb', '\udce9', 'é\ud83d\ude00'];
    const paths = pathsOf([
      [0, 0, 1, 1],
      [1, 1, 2, 1],
      [2, 2, 3, 1]
    ]);
    expect(
      toCollapsed(
        profileOf(
          names.map(name => ({ name })),
          { paths }
        )
      )
    ).toBe('a b 1\na b;\\udce9 2\na b;\\udce9;é\ud83d\ude00 3\n');
  });

  it('gives any call tree back', () => {
    fc.assert(
      fc.property(trees, nodes => {
        const profile = profileOf(functions, { paths: pathsOf(nodes) });
        const unnamed = { ...profile.threads, name: [''] };
        fc.pre(nodes.some(([, , self]) => self > 0));
        const text = toCollapsed(profile);
        const again = read(COLLAPSED, text);
        expect(stacksOf(again, 'samples')).toEqual(
          stacksOf({ ...profile, threads: unnamed }, 'time')
        );
        // Siblings stand together there.
        const sorted = (lines: string) => lines.split('\n').sort();
        expect(sorted(toCollapsed(again))).toEqual(sorted(text));
      })
    );
  });

  it.each(['hot.pp.gz', 'hot.mp.gz', 'threads.pp.gz', 'mosaic.pp.gz'])(
    'has all that igprof counted: %s',
    name => {
      const profile = read(IGPROF, dataFile(`igprof/${name}`));
      const { paths, metrics } = profile;
      const metric = mainMetric(metrics, paths);
      const own = paths.values.get(`self.${metric?.id}`);
      const counts = toCollapsed(profile)
        .trimEnd()
        .split('\n')
        .map(line => Number(line.slice(line.lastIndexOf(' '))));
      expect(counts.length).toBeGreaterThan(5);
      expect(sumOf(counts) / sumOf(own) / (metric?.tick ?? 0)).toBeCloseTo(1);
    }
  );

  it.each(['py-spy-0.4.3.folded', 'mosaic.mixed.folded'])(
    'has all samples: %s',
    name => {
      const profile = read(COLLAPSED, dataFile(`collapsed/${name}`));
      const again = read(COLLAPSED, toCollapsed(profile));
      expect(sumOf(again.paths.values.get('self.samples'))).toBe(
        sumOf(profile.paths.values.get('self.samples'))
      );
    }
  );

  it('refuses a profile without call paths', () => {
    expect(() => toCollapsed(profileOf([{ name: 'f' }]))).toThrow(
      'This profile has no call paths, but sums of functions and callers, and the file would hold call paths.'
    );
  });

  it('refuses sums that are beyond all numbers', () => {
    const builder = new ProfileBuilder({});
    builder.metric(SAMPLES);
    for (const name of ['a', 'b']) {
      const node = builder.paths.stack(
        [builder.func({ name: 'f' })],
        builder.thread({ name })
      );
      builder.paths.add(node, 'self.samples', 1e308);
    }
    expect(() => toCollapsed(builder.done('a test', ''))).toThrow(
      'Expected values whose sums are numbers, found Infinity.'
    );
  });
});
