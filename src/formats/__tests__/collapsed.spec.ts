/**
 * `hot.gperf.collapsed.txt`: google-pprof --collapsed (gperftools 2.10) of a C++ program, `../gperftools/hot.gperf.text*.txt`
 * what its --text says of the same samples. `mosaic.mixed.folded`: perf script of python3.13 -X perf_jit, folded.
 * `py-spy-0.4.3.folded`: py-spy record -f raw.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applySteps } from '../../profile/steps';
import { COLLAPSED } from '../collapsed';
import {
  dataFile,
  dataText,
  expectToSurvive,
  isOne,
  linesOf,
  read,
  stacksOf,
  sumOf,
  totalsByName
} from './readings';

/** A C++ name as google-pprof shortens it (`ShortFunctionName`), by its own three rules. */
function shortName(name: string): string {
  const gone = (text: string, pattern: RegExp): string => {
    const less = text.replace(pattern, '');
    return less === text ? text : gone(less, pattern);
  };
  return gone(gone(name, /\([^()]*\)(\s*const)?/), /<[^<>]*>/).replace(
    /^.*\s+(\w+::)/,
    '$1'
  );
}

describe('collapsed stacks', () => {
  it('are known by their lines', () => {
    expect(isOne(COLLAPSED, 'main;f 2\nmain;f;g 5\n')).toBe(true);
    expect(isOne(COLLAPSED, '# made by a tool\nmain 2\nmain;f 1')).toBe(true);
    expect(isOne(COLLAPSED, 'main f g\nmain;f 1\n')).toBe(false);
    expect(isOne(COLLAPSED, '')).toBe(false);
  });

  it('are a call tree of samples', () => {
    const profile = read(
      COLLAPSED,
      'main;operator new(long) 2\n\nmain 1\nmain;f 4\nmain;f 1\n'
    );
    expect(profile.metrics.map(({ id }) => id)).toEqual(['samples']);
    expect(stacksOf(profile, 'samples')).toEqual({
      ': main': 1,
      ': main > operator new(long)': 2,
      ': main > f': 5
    });
  });

  it('are refused with line and byte', () => {
    expect(() => read(COLLAPSED, 'a;b 2\na;b x\n')).toThrow(
      'Expected a stack and a count behind its last blank, found "a;b x" at byte 6 (line 2).'
    );
    expect(() => read(COLLAPSED, `a;b ${'9'.repeat(400)}`)).toThrow(
      'Expected a stack and a count'
    );
  });

  it('have the lines that py-spy writes, each once a stack', () => {
    const text = dataText('collapsed/py-spy-0.4.3.folded');
    const profile = read(COLLAPSED, text);
    const wanted: Record<string, [number, number]> = {};
    const stacks = text.split('\n').filter(line => /^\S/.test(line));
    for (const line of stacks) {
      const count = Number(line.slice(line.lastIndexOf(' ')));
      const frames = line
        .slice(0, line.lastIndexOf(' '))
        .split(';')
        .map(frame => frame.replace(/^(?:.*\.)?(.+) \((.*)\)$/, '$2 $1'));
      for (const frame of new Set(frames)) {
        const sum = (wanted[frame] ??= [0, 0]);
        sum[1] += count;
      }
      wanted[frames[frames.length - 1]][0] += count;
    }
    expect(linesOf(profile, 'samples')).toEqual(wanted);
    // py-spy said "Samples: 272"; 3 of them are a line that has a count only.
    expect(sumOf(profile.paths.values.get('self.samples'))).toBe(269);
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      '3 samples have no stack. They are not in the profile.'
    ]);
    const names = new Set(totalsByName(profile, 'samples').keys());
    expect(names).toContain('Merger.merge');
    expect(profile.functions.kind.every(kind => kind === 'python')).toBe(true);
    expect(
      profile.functions.name.filter(name => name === 'depth')
    ).toHaveLength(1);
  });

  it('add up to what google-pprof prints of the same samples', () => {
    const profile = read(
      COLLAPSED,
      dataFile('collapsed/hot.gperf.collapsed.txt')
    );
    const { functions, paths } = profile;
    expect(paths.inlined.some(flag => flag === 1)).toBe(true);
    // The report shortens names, so that those of several functions are one: add up stacks, each name once.
    const own = paths.values.get('self.samples') ?? new Float64Array();
    const found = new Map<string, [number, number]>();
    for (let row = 0; row < paths.length; row++) {
      const names: string[] = [];
      for (let node: number = row; node >= 0; node = paths.parent[node]) {
        names.push(shortName(functions.name[paths.function[node]]));
      }
      for (const name of new Set(names)) {
        const [self, total] = found.get(name) ?? [0, 0];
        found.set(name, [
          self + (name === names[0] ? own[row] : 0),
          total + own[row]
        ]);
      }
    }
    const report = dataText('gperftools/hot.gperf.text-cum.txt').split('\n');
    const rows = report.flatMap(line => {
      const parts =
        /^ *(\d+) +[\d.]+% +[\d.]+% +(\d+) +[\d.]+% (.+?)(?: \(inline\))?$/.exec(
          line
        );
      return parts ? [parts] : [];
    });
    expect(rows.length).toBeGreaterThan(40);
    for (const [, self, total, name] of rows) {
      expect([name, ...(found.get(name) ?? [])]).toEqual([
        name,
        Number(self),
        Number(total)
      ]);
    }
    expect(sumOf(own)).toBe(309);
  });

  it('have Python and C functions in one stack', () => {
    const profile = read(COLLAPSED, dataFile('collapsed/mosaic.mixed.folded'));
    // 188 of 192 samples were below the script (README of the sample).
    const totals = totalsByName(profile, 'samples');
    expect(totals.get('mosaic')?.total).toBe(188);
    expect(totals.get('Butler.get')?.total).toBe(63);
    expect(sumOf(profile.paths.values.get('self.samples'))).toBe(192);
  });

  it('have threads and what tools add to names', () => {
    const profile = read(
      COLLAPSED,
      'process 7:"python a.py";thread (0x1F): worker;f (/x (1)/a.py:3) 2\n' +
        'main;sys_read_[k] 1\nmain;jitted_[j] 1\nmain;small_[i] 4\nmain;deep (/lib/libm.so.6) 1\n'
    );
    expect(stacksOf(profile, 'samples')).toEqual({
      'worker: f': 2,
      ': main > sys_read': 1,
      ': main > jitted': 1,
      ': main > small': 4,
      ': main > deep': 1
    });
    expect([profile.threads.pid[0], profile.threads.tid[0]]).toEqual([7, 31]);
    expect(profile.functions.kind).toEqual(
      'python native native jit native native'.split(' ')
    );
    expect(profile.objects.path).toEqual(['[kernel]', '/lib/libm.so.6']);
    expect(profile.files.path).toEqual(['/x (1)/a.py']);
  });

  it('keep the lines of frames, each in a node of its own', () => {
    const { paths, functions } = read(
      COLLAPSED,
      'main (/a.py:3);f (/b.py:9) 2\nmain (/a.py:5);f (/b.py:9) 1\n'
    );
    expect(functions.name).toEqual(['main', 'f']);
    expect([...paths.line]).toEqual([3, 9, 5, 9]);
    expect([...paths.function]).toEqual([0, 1, 0, 1]);
  });

  it('have native time at the Python line that called', () => {
    const { profile } = applySteps(
      read(
        COLLAPSED,
        'main (/a.py:3);hex::f (/h.cpp:9) 2\nmain (/a.py:3) 4\nmain (/a.py:3);g (/a.py:7);hex::f (/h.cpp:9) 8\n' +
          'main (/a.py:3);g (/a.py:8);hex::f (/h.cpp:9) 16\n'
      ),
      [{ kind: 'python-only' }]
    );
    const { line, length, values } = profile.lines;
    expect(
      Array.from({ length }, (_, row) => [
        line[row],
        values.get('self.samples')?.[row],
        values.get('total.samples')?.[row]
      ])
    ).toEqual([
      [3, 2 + 4, 30],
      [7, 8, 8],
      [8, 16, 16]
    ]);
  });

  it('give any stacks back', () => {
    const frame = fc.constantFrom('a', 'b (x.py:1)', 'b (x.py:2)', 'c d', 'é');
    const stack = fc.array(frame, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(stack, fc.nat(99)), { minLength: 1, maxLength: 30 }),
        samples => {
          const text = samples
            .map(([frames, count]) => `${frames.join(';')} ${count}`)
            .join('\n');
          const profile = read(COLLAPSED, text);
          const wanted: Record<string, number> = {};
          const lines: Record<string, [number, number]> = {};
          for (const [frames, count] of samples) {
            const way = `: ${frames.map(part => part.replace(/ \(.*/, '')).join(' > ')}`;
            if (count > 0) {
              wanted[way] = (wanted[way] ?? 0) + count;
            }
            for (const line of ['1', '2']) {
              const text = `b (x.py:${line})`;
              if (frames.some(part => part === text)) {
                const sum = (lines[`x.py:${line} b`] ??= [0, 0]);
                sum[0] += frames[frames.length - 1] === text ? count : 0;
                sum[1] += count;
              }
            }
          }
          expect(stacksOf(profile, 'samples')).toEqual(wanted);
          expect(linesOf(profile, 'samples')).toEqual(lines);
        }
      )
    );
  });

  it('survive damage', () => {
    expectToSurvive(COLLAPSED, dataFile('collapsed/py-spy-0.4.3.folded'));
  });
});
