/**
 * `hot.perf.script.txt`, `mosaic…`: perf 6.1 script of a C++ program and of Python with a C extension; `hot.perf.report.txt`
 * is what perf report prints of the same samples. `spin.txt`: perf record -e cpu-clock,task-clock --call-graph dwarf of
 * `spin.c.txt`; `spin.srcline.txt` the same with -F comm,pid,tid,…,srcline; `spin.report.txt` perf report --children of it.
 */
import { describe, expect, it } from 'vitest';

import type { IProfile } from '../../profile/model';
import { PERF_SCRIPT } from '../perfScript';
import {
  bytesOf,
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

const FILES = [
  'hot.perf.script.txt.gz',
  'mosaic.py3.12-Xperf.perf.script.txt.gz',
  'mosaic.py3.13-Xperf_jit-dwarf.perf.script.txt.gz',
  'spin.txt',
  'spin.srcline.txt'
];

const ids = ({ metrics }: IProfile) =>
  metrics.map(({ id, unit }) => `${id} ${unit}`);

describe('perf script', () => {
  it.each(FILES)('is known by its samples: %s', name => {
    expect(isOne(PERF_SCRIPT, dataFile(`perf/${name}`))).toBe(true);
  });

  it('is no other text', () => {
    expect(isOne(PERF_SCRIPT, 'main;f 2\nmain;f 1\n')).toBe(false);
    expect(isOne(PERF_SCRIPT, 'events: Ir\nfn=f\n1 2\n')).toBe(false);
    expect(isOne(PERF_SCRIPT, '')).toBe(false);
  });

  it('has the shares that perf report prints', () => {
    const profile = read(PERF_SCRIPT, dataFile('perf/hot.perf.script.txt.gz'));
    expect(ids(profile)).toEqual(['samples samples', 'time ns']);
    const own = totalsByName(profile, 'samples');
    const time = totalsByName(profile, 'time');
    const rows = dataText('perf/hot.perf.report.txt')
      .split('\n')
      .flatMap(line => {
        const parts = /^ +([\d.]+)% +hot +\S+ +\[[k.]\] (.*?) *$/.exec(line);
        return parts ? [parts] : [];
      });
    expect(rows.length).toBe(
      own.size - [...own.values()].filter(({ self }) => self === 0).length
    );
    for (const [, share, name] of rows) {
      const { self } = own.get(name) ?? { self: NaN };
      expect([name, ((self / 338) * 100).toFixed(2)]).toEqual([name, share]);
    }
    expect(sumOf([...own.values()].map(({ self }) => self))).toBe(338);
    // "Event count (approx.): 1698492250"
    expect(sumOf([...time.values()].map(({ self }) => self))).toBe(
      1_698_492_250
    );
    expect(profile.meta.warnings).toEqual([]);
  });

  it('has the totals that perf report --children prints, with inlined functions', () => {
    const report = dataText('perf/spin.report.txt').split(
      "of event 'task-clock'"
    );
    const profile = read(PERF_SCRIPT, dataFile('perf/spin.txt'));
    expect(ids(profile)).toEqual([
      'samples samples',
      'time ns',
      'samples_task_clock samples',
      'time_2 ns'
    ]);
    ['time', 'time_2'].forEach((metric, event) => {
      const totals = totalsByName(profile, metric);
      const rows = report[event].split('\n').flatMap(line => {
        const parts = /^ +([\d.]+)% .*\[[k.]\] (.*?)(?: \(inlined\))? *$/.exec(
          line
        );
        return parts ? [parts] : [];
      });
      expect(rows.length).toBe(19);
      for (const [, share, name] of rows) {
        const { total } = totals.get(name) ?? { total: NaN };
        expect([name, ((total / 36_666_663) * 100).toFixed(2)]).toEqual([
          name,
          share
        ]);
      }
    });
    const inlined = profile.functions.name.indexOf('small');
    expect(profile.paths.inlined[profile.paths.function.indexOf(inlined)]).toBe(
      1
    );
    expect(profile.objects.path[profile.functions.object[inlined]]).toBe(
      '/home/user/spin'
    );
  });

  it('has lines where they are printed, once a stack', () => {
    const profile = read(PERF_SCRIPT, dataFile('perf/spin.srcline.txt'));
    const plain = read(PERF_SCRIPT, dataFile('perf/spin.txt'));
    expect(stacksOf(profile, 'time')).toEqual(stacksOf(plain, 'time'));
    // 11 samples of an event, each below recurse at line 6, which stands in a stack up to four times.
    expect(linesOf(profile, 'samples')['spin.c:6 recurse'][1]).toBe(11);
    expect([...profile.threads.pid]).toEqual(
      [...profile.threads.tid].map(() => profile.threads.pid[0])
    );
  });

  it('has Python and C functions in one stack', () => {
    const profile = read(
      PERF_SCRIPT,
      dataFile('perf/mosaic.py3.13-Xperf_jit-dwarf.perf.script.txt.gz')
    );
    const totals = totalsByName(profile, 'samples');
    // grep -c of these frames in the file; 188 of 192 samples are below the script.
    expect(totals.get('mosaic')?.total).toBe(188);
    expect(totals.get('Butler.get')?.total).toBe(63);
    expect(totals.get('_start')?.total).toBe(192);
    const { kind, name, file } = profile.functions;
    const get = profile.functions.qualified.indexOf('Butler.get');
    expect([kind[get], name[get], profile.files.path[file[get]]]).toEqual([
      'python',
      'get',
      '/opt/demo/mosaic.py'
    ]);
    expect(profile.meta.wall).toBeGreaterThan(1e9);
  });

  it('names what has no name by its place', () => {
    const profile = read(
      PERF_SCRIPT,
      'a b 7/8 [001] 1.5: 10 cycles:u: \n' +
        '\t  22af [unknown] (/opt/a (x)/lib.so (deleted))\n' +
        '\t  7f00 [unknown] ([unknown])\n' +
        '\t  12 operator() (int)+0x3 (/opt/b)\n\n' +
        'a b 7/8 [001] 2.5: 5 cycles:u: \n\n' +
        'a b 7/8 [001] 2.5: PERF_RECORD_MMAP2 7/8: [0x7ffc2717b000(0x21000)]: rw-p [stack]\n' +
        'a b 7/8 [001] 2.5: PERF_RECORD_LOST lost 4\n' +
        'a b 7/8 [001] 3.5: 5 cycles:u: 22 f+0x1 (/opt/b)\n' +
        'a b 7/8 [001] 3.5: 5 cycles:u: \n\t 22 f+0x\n\n'
    );
    expect(stacksOf(profile, 'cycles')).toEqual({
      'a b: operator() (int) > 0x7f00 > lib.so+0x22af': 10,
      'a b: f': 5
    });
    expect([...profile.paths.address]).toEqual([0, 0x7f00, 0x22af, 0]);
    expect(profile.objects.path).toContain('/opt/a (x)/lib.so');
    expect([profile.threads.pid[0], profile.threads.tid[0]]).toEqual([7, 8]);
    expect(profile.meta.warnings.map(({ text }) => text)).toEqual([
      '1 samples have no stack. They are not in the profile.',
      '1 samples have lines that are no frames, or were cut. They are not in the profile.',
      '4 records were lost while perf recorded.'
    ]);
  });

  it('is refused without samples', () => {
    expect(() => read(PERF_SCRIPT, '# header\n')).toThrow(
      'Expected samples as perf script prints them, found none'
    );
  });

  it('takes long lines without searching them for long', () => {
    const blanks = ' '.repeat(1_000_000);
    const text = `a 7 1.5: 10 cycles:\n\t22 ${blanks}f\n${blanks}1${blanks}\n\na 7 1.5: 10 cycles:\n\t22 ${'('.repeat(1e6)} (x)\n\n`;
    expect(
      Object.keys(stacksOf(read(PERF_SCRIPT, text), 'cycles'))
    ).toHaveLength(1);
  });

  it('survives damage', () => {
    expectToSurvive(PERF_SCRIPT, dataFile('perf/spin.srcline.txt'));
    expectToSurvive(
      PERF_SCRIPT,
      bytesOf(
        dataText('perf/mosaic.py3.12-Xperf.perf.script.txt.gz').slice(0, 8000)
      )
    );
  });
});
