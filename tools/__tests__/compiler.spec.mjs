// What is said where the compiled part of the package cannot be made.
import { describe, expect, it } from 'vitest';

import { compilerOf, lack, packages, remedy } from '../compiler.mjs';
import { bin } from '../paths.mjs';

const all = {
  compiler: 'gcc -pthread',
  compiles: true,
  cpp: 'g++',
  compilesCpp: true,
  headers: '/usr/include/python3.13/Python.h',
  hasHeaders: true,
  base: '/usr',
  minor: '3.13'
};

describe('the C compiler', () => {
  it('is enough, with the headers of Python', () => {
    expect(lack(all)).toBe('');
    expect(packages(all)).toEqual([]);
  });

  it('is named with its packages where it is missing', () => {
    const none = { ...all, compiles: false };
    expect(lack(none)).toBe('the C compiler "gcc -pthread" was not found');
    expect(packages(none)).toEqual(['gcc', 'libc6-dev']);
    expect(remedy(none, 'linux')).toContain('apt-get install gcc libc6-dev');
    expect(remedy(none, 'darwin')).toContain('xcode-select --install');
    expect(remedy(none, 'win32')).toContain('Visual Studio');
  });

  it('is not installed where another one was wished for', () => {
    const wrong = {
      ...all,
      wish: '/no/cc',
      compiler: '/no/cc',
      compiles: false
    };
    expect(lack(wrong)).toContain('"/no/cc" was not found');
    expect(packages(wrong)).toEqual([]);
    expect(remedy(wrong, 'linux')).toContain('set CC');
  });

  it('needs headers, which Debian has in a package of their own', () => {
    const bare = { ...all, hasHeaders: false };
    expect(lack(bare)).toContain('/usr/include/python3.13/Python.h');
    expect(remedy(bare, 'linux')).toContain('apt-get install python3.13-dev');
  });

  it('needs headers that no package brings for a Python from elsewhere', () => {
    const own = { ...all, hasHeaders: false, base: '/opt/python' };
    expect(packages(own)).toEqual([]);
    expect(remedy(own, 'linux')).toContain('set PYTHON');
  });
});

describe('the C++ compiler', () => {
  const none = { ...all, compilesCpp: false };

  it('is needed for the tests alone', () => {
    expect(lack(none)).toBe('');
    expect(packages(none)).toEqual([]);
    expect(lack({ ...all, needsCpp: true })).toBe('');
  });

  it('is named with its package where it is missing', () => {
    const wanted = { ...none, needsCpp: true };
    expect(lack(wanted)).toBe('the C++ compiler "g++" was not found');
    expect(packages(wanted)).toEqual(['g++']);
    expect(remedy(wanted, 'linux')).toContain('apt-get install g++');
    expect(remedy(wanted, 'darwin')).toContain('xcode-select --install');
    expect(packages({ ...wanted, compiles: false })).toEqual([
      'gcc',
      'libc6-dev',
      'g++'
    ]);
  });

  it('is not installed where another one was wished for', () => {
    const wrong = {
      ...none,
      needsCpp: true,
      cppWish: '/no/c++',
      cpp: '/no/c++'
    };
    expect(lack(wrong)).toContain('"/no/c++" was not found');
    expect(packages(wrong)).toEqual([]);
    expect(remedy(wrong, 'linux')).toContain('set CXX');
  });
});

describe('a Python', () => {
  it('says how its compiled modules are named', () => {
    const found = compilerOf(bin('python'));
    expect(found.suffix).toMatch(/\.(so|pyd)$/);
    expect(found.minor).toMatch(/^3\.\d+$/);
    expect(typeof found.hasHeaders).toBe('boolean');
    expect(typeof found.compilesCpp).toBe('boolean');
    expect(found.needsCpp).toBe(false);
  });
});
