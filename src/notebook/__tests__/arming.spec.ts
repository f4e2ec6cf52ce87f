import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isCellId, magicLine, orderExpression, readAnswer } from '../arming';

function reply(answer: unknown, status = 'ok') {
  return { status, execution_count: 3, user_expressions: { answer } };
}

function error(ename: string, evalue: string) {
  return reply({ status: 'error', ename, evalue, traceback: [] });
}

it('writes an expression that Python reads', () => {
  expect(orderExpression('arm', ['a', 'b-1_X'])).toBe(
    `__import__('jupyterlab_profiler.remote', fromlist=['arm']).arm(["a","b-1_X"])`
  );
  expect(orderExpression('arm', ['a'], magicLine('lines'))).toBe(
    `__import__('jupyterlab_profiler.remote', fromlist=['arm']).arm(["a"], "%%lprun")`
  );
  expect(orderExpression('again', ['a'], magicLine('native'))).toBe(
    `__import__('jupyterlab_profiler.remote', fromlist=['again']).again(["a"], "%%native")`
  );
  expect(orderExpression('disarm', ['a'])).toBe(
    `__import__('jupyterlab_profiler.remote', fromlist=['disarm']).disarm(["a"])`
  );
});

it('takes the ids that nbformat 4.5 allows, and no other', () => {
  expect(isCellId('5c4bb4bd-3d0e-4d63-b2e3-7c8a1f1ad8a2')).toBe(true);
  expect(isCellId('x'.repeat(64))).toBe(true);
  for (const id of ['', 'x'.repeat(65), 'a b', 'a"', "a'", 'a\\', 'a\n', 'ä']) {
    expect(isCellId(id), JSON.stringify(id)).toBe(false);
    expect(() => orderExpression('arm', ['ok', id])).toThrow(RangeError);
  }
});

it('never lets an id out of its string', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), ids => {
      const valid = ids.filter(isCellId);
      expect(orderExpression('arm', valid)).toMatch(
        /^__import__\('[\w.]+', fromlist=\['arm'\]\)\.arm\(\[("[\w-]+"(,"[\w-]+")*)?\]\)$/
      );
    })
  );
});

it('tells whether the order loaded the kernel part', () => {
  const text = (value: string) =>
    reply({ status: 'ok', data: { 'text/plain': value }, metadata: {} });
  expect(readAnswer(text('1'))).toEqual({ kind: 'done', loaded: true });
  expect(readAnswer(text('0'))).toEqual({ kind: 'done', loaded: false });
});

// The words are CPython's: Lib/importlib/_bootstrap.py, Objects/moduleobject.c.
it.each([
  ['ModuleNotFoundError', "No module named 'jupyterlab_profiler'"],
  [
    'ModuleNotFoundError',
    'import of jupyterlab_profiler halted; None in sys.modules'
  ]
])('%s: %s: is not installed', (name, value) => {
  expect(readAnswer(error(name, value))).toEqual({ kind: 'missing' });
});

it.each([
  ['ModuleNotFoundError', "No module named 'jupyterlab_profiler.remote'"],
  [
    'AttributeError',
    "module 'jupyterlab_profiler.remote' has no attribute 'arm'"
  ]
])('%s: %s: is too old', (name, value) => {
  expect(readAnswer(error(name, value))).toEqual({ kind: 'old' });
});

it.each([
  ['ModuleNotFoundError', "No module named 'numpy'"],
  ['ModuleNotFoundError', "No module named 'jupyterlab_profiler_extra'"],
  ['RuntimeError', 'there is no IPython shell here'],
  ['AttributeError', "'NoneType' object has no attribute 'events'"]
])('%s: %s: is told as it is', (ename, evalue) => {
  expect(readAnswer(error(ename, evalue))).toEqual({
    kind: 'failed',
    reason: `${ename}: ${evalue}`
  });
});

it('cuts a reason to what a notification shows', () => {
  const answer = readAnswer(error('ValueError', 'long\n\n text '.repeat(100)));
  const { reason } = answer as { reason: string };
  expect(reason).toMatch(/^ValueError: long text long .*…$/);
  expect(reason.length).toBe(100);
});

it('tells an order that was dropped, and an error of the request', () => {
  expect(readAnswer({ status: 'aborted' })).toEqual({ kind: 'dropped' });
  expect(
    readAnswer({ status: 'error', ename: 'KeyboardInterrupt', evalue: '' })
  ).toEqual({ kind: 'failed', reason: 'KeyboardInterrupt' });
});

it('has an answer to every content', () => {
  fc.assert(
    fc.property(fc.anything(), content => {
      expect(readAnswer(content).kind).toBeTypeOf('string');
      expect(readAnswer(reply(content)).kind).toBeTypeOf('string');
    })
  );
});

describe('the line of a magic', () => {
  it('says what kind of profile is wanted', () => {
    expect(magicLine('functions')).toBe('%%cprofile');
    expect(magicLine('lines')).toBe('%%lprun');
    expect(magicLine('both')).toBe('%%cprofile --lines');
    expect(magicLine('both', { path: '/a b/c.py', line: 12 })).toBe(
      '%%cprofile --lines --place "/a b/c.py:12"'
    );
  });

  it('never ends the string that it is sent in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), path => {
        const line = magicLine('both', { path, line: 1 });
        const [, literal] =
          /^__import__\('jupyterlab_profiler\.remote', fromlist=\['arm'\]\)\.arm\(\["a"\], (".*")\)$/.exec(
            orderExpression('arm', ['a'], line)
          ) ?? [];
        expect(literal).toMatch(
          /^"(?:[ !#-[\]-~]|\\["\\bfnrt]|\\u[0-9a-f]{4})*"$/
        );
        expect(JSON.parse(literal)).toBe(line);
      })
    );
  });
});
