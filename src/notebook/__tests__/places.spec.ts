import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  isFilePath,
  lineInCell,
  lineInText,
  lineNow,
  pathBeside
} from '../places';

describe('a line in a cell', () => {
  it('is the one that the profile names', () => {
    expect(lineInCell('a\nb\nc', 1)).toBe(0);
    expect(lineInCell('a\nb\nc', 3)).toBe(2);
  });

  it('counts from the first line that holds something', () => {
    expect(lineInCell('\n  \n\ta\nb', 1)).toBe(2);
    expect(lineInCell('\r\n\r\na\r\nb', 2)).toBe(3);
    expect(lineInCell('\n\n', 1)).toBe(0);
  });

  it('is the first one of code where the profile knows none', () => {
    expect(lineInCell('a\nb', 0)).toBe(0);
    expect(lineInCell('\n\na', 0)).toBe(2);
  });

  it('is always one that is there', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, line) => {
        const found = lineInCell(text, line);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThan(text.split(/\r\n|\r|\n/).length);
      })
    );
  });
});

it('a line in a text is clamped to it', () => {
  expect([0, 1, 5, 6].map(line => lineInText(5, line))).toEqual([0, 0, 4, 4]);
});

it('names that stand for no file are no paths', () => {
  for (const path of [
    '',
    '<string>',
    '<frozen runpy>',
    'a\0b',
    'a'.repeat(5000)
  ]) {
    expect(isFilePath(path), path.slice(0, 20)).toBe(false);
  }
  for (const path of ['/a/b.py', 'C:\\a\\b.py', 'mod.py', '~/x.py']) {
    expect(isFilePath(path), path).toBe(true);
  }
});

describe('a line that ran', () => {
  const text = '\nx = 1\r\n  y = 2  \nz = 3\nz = 3';

  it('is where it was, as far as its text is known', () => {
    expect(lineNow(text, 2)).toEqual({ line: 2, shown: true });
    expect(lineNow(text, 2, '')).toEqual({ line: 2, shown: true });
    expect(lineNow(text, 2, '  y = 2')).toEqual({ line: 2, shown: true });
    expect(lineNow(text, 1, 'x = 1\n')).toEqual({ line: 1, shown: true });
    expect(lineNow(text, 4, 'z = 3')).toEqual({ line: 4, shown: true });
  });

  it('is at the only other place that has its text', () => {
    expect(lineNow(text, 0, 'x = 1')).toEqual({ line: 1, shown: true });
    expect(lineNow(text, 9, '  y = 2')).toEqual({ line: 2, shown: true });
  });

  it('has changed where no other place has its text, or several', () => {
    expect(lineNow(text, 1, 'x = 2')).toEqual({ line: 1, shown: 'changed' });
    expect(lineNow(text, 1, 'z = 3')).toEqual({ line: 1, shown: 'changed' });
  });
});

it.each([
  ['s.py', 'cp.prof', 's.py'],
  ['./lib/s.py', 'runs/cp.prof', 'runs/lib/s.py'],
  ['../s.py', 'runs/cp.prof', 's.py'],
  ['pkg\\s.py', 'runs/cp.prof', 'runs/pkg/s.py'],
  ['s.py', 'RTC:cp.prof', 'RTC:s.py'],
  ['../../s.py', 'runs/cp.prof', null],
  ['../s.py', 'RTC:cp.prof', null],
  ['/etc/passwd', 'runs/cp.prof', null],
  ['~/s.py', 'runs/cp.prof', null],
  ['C:\\s.py', 'runs/cp.prof', null],
  ['http://host/s.py', 'runs/cp.prof', null],
  ['s.py', '', null]
])('looks for %j beside %j: %j', (path, document, found) => {
  expect(pathBeside(path, document)).toBe(found);
});
