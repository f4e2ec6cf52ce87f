import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { NONE } from '../indices';
import { LineList } from '../lineList';
import { lineRows } from '../lineRows';
import { LineSources } from '../lineSource';
import { lineText } from '../lineText';
import type { IProfile } from '../model';
import { linedProfile, type ILineSpec } from './build';
import { readLprof } from './lprofFile';

/** Files of real line_profilers, and what they printed of them. */
const DATA = new URL('../../../tests/data/lprof/', import.meta.url);

const SCRIPT = readFileSync(new URL('line_demo.py.txt', DATA), 'utf8');

function printed(name: string): string {
  const text = readFileSync(new URL(`${name}.txt`, DATA), 'utf8');
  // Before it stands what the script did.
  return text.slice(text.indexOf('Timer unit'));
}

/** The profile that a file of line_profiler holds. */
function profileOfFile(name: string, text: string | null): IProfile {
  const { unit, functions } = readLprof(
    readFileSync(new URL(`${name}.lprof`, DATA))
  );
  const rows = functions.flatMap(({ lines, line: first }, func): ILineSpec[] =>
    lines.length === 0
      ? [{ func, line: first, hits: 0, time: 0 }]
      : lines.map(([line, hits, time]) => ({
          func,
          line,
          hits,
          // Nanoseconds.
          time: time * unit * 1e9
        }))
  );
  return linedProfile(
    functions.map(({ path, name: called, line }) => ({
      name: called,
      path,
      line
    })),
    rows,
    text
  );
}

function write(profile: IProfile, unit: number): string {
  return lineText(
    profile,
    new LineList(profile, lineRows(profile), new LineSources(profile)),
    unit
  );
}

/** Functions that did not run have a row here, and none there. */
function withoutEmptyRow(text: string, line: number): string {
  return text.replace(
    new RegExp(`^(\\s*${line}) {9}0 {10}0\\.0 {18}( {2}.*)$`, 'm'),
    (_, number: string, rest: string) => `${number}${' '.repeat(41)}${rest}`
  );
}

describe('a text', () => {
  it.each([
    'v3.5.1-py3.8',
    'v4.0.2-py3.11',
    'v4.2.0-py3.12',
    'v5.0.0-py3.13',
    'v5.0.2-py3.13'
  ])('is what kernprof %s printed', version => {
    const text = write(profileOfFile(version, SCRIPT), 1e-6);
    expect(withoutEmptyRow(text, 53)).toBe(printed(`${version}.kernprof-lv`));
  });

  it('is what line_profiler prints where it has no source', () => {
    const text = write(profileOfFile('v5.0.2-py3.13', null), 1e-6);
    expect(withoutEmptyRow(text, 53)).toBe(
      printed('v5.0.2.view-source-missing')
    );
  });

  it('has numbers that are wider than their column shortened, and then widens it', () => {
    const text = write(
      linedProfile(
        [{ name: 'f', line: 1 }],
        [
          { func: 0, line: 1, hits: 1e10, time: 1e19 },
          { func: 0, line: 2, hits: 0, time: 0 }
        ],
        'def f():\n    pass\n'
      ),
      1e-9
    );
    expect(text).toContain(
      '     1     1e+10        1e+19    1e+09    100.0  def f():\n'
    );
    expect(text).toContain(
      '     2         0          0.0               0.0      pass\n'
    );
  });

  it('rounds halves as Python does', () => {
    const text = write(
      linedProfile(
        [{ name: 'f', line: 1 }],
        [0.25, 0.75, 1.25, 2.5].map((time, i) => ({
          func: 0,
          line: i + 1,
          time
        })),
        'a\nb\nc\nd\n'
      ),
      1e-9
    );
    expect(
      text
        .split('\n')
        .slice(-6, -2)
        .map(row => row.slice(19, 29).trim())
    ).toEqual(['0.2', '0.8', '1.2', '2.5']);
  });

  it('writes what was folded, and nothing for what is not known', () => {
    const profile = linedProfile(
      [{ name: 'f', line: 1 }],
      [
        { func: 0, line: 1, hits: 2, time: NaN },
        { func: 0, line: 0, hits: 8, time: 500 },
        { func: NONE, line: 7, hits: 1, time: 1 }
      ],
      'f = lambda: 1\n'
    );
    const text = write(profile, 1e-9);
    expect(text).toContain(
      `     1         2${' '.repeat(31)}  f = lambda: 1\n`
    );
    expect(text).toContain(
      `${' '.repeat(15)}8        500.0     62.5    100.0  (more lines)\n`
    );
    expect(text).not.toMatch(/NaN|undefined/);
  });

  it('writes only lines with numbers, where a range without text has no end', () => {
    const text = write(
      linedProfile(
        [{ name: 'f', line: 1 }],
        [{ func: 0, line: 2 ** 40, time: 5 }]
      ),
      1e-9
    );
    expect(text.split('\n').length).toBeLessThan(20);
    expect(text).toContain(`${2 ** 40}`);
  });

  it('has names that a terminal would act on escaped', () => {
    const text = write(
      linedProfile(
        [{ name: 'f\u001b[2J', path: '/tmp/\u202ec.py', line: 1 }],
        [{ func: 0, line: 1 }],
        'x\n'
      ),
      1e-6
    );
    expect(text).toContain('Function: f\\x1b[2J at line 1');
    expect(text).toContain('File: /tmp/\\u202ec.py');
  });
});
