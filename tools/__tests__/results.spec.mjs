// The runners' reports become counts, and nothing that did not run looks like success.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { fromJUnit, fromPlaywright, fromVitest } from '../results.mjs';

function file(name, content) {
  const path = join(mkdtempSync(join(tmpdir(), 'report-')), name);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path, text);
  return path;
}

describe('a JUnit file of pytest', () => {
  const suite = cases =>
    file('a.xml', `<testsuites><testsuite>${cases}</testsuite></testsuites>`);

  it('counts what passed and names what failed, was in error or skipped', () => {
    const path = suite(
      '<testcase classname="tests.t" name="a" time="0.1" />' +
        '<testcase classname="tests.t" name="b[x &gt; 1]"><failure message="no &quot;1&quot;">&lt;skipped&gt;</failure></testcase>' +
        '<testcase classname="tests.t" name="c"><system-out>&lt;failure&gt;</system-out></testcase>' +
        '<testcase classname="tests.t" name="d"><skipped type="pytest.skip" message="not here">x</skipped></testcase>' +
        '<testcase classname="" name="tests.e"><error message="collection failure">y</error></testcase>'
    );
    const results = fromJUnit(path, 1);
    expect(results.passed).toBe(2);
    expect(results.failed).toEqual([
      'tests.t.b[x > 1]: failure no "1"',
      'tests.t.d: skipped not here',
      '.tests.e: error collection failure'
    ]);
  });

  it('is one failure when it is missing, empty, or contradicts the exit code', () => {
    expect(fromJUnit('/nowhere.xml', 2).failed).toHaveLength(1);
    expect(fromJUnit(suite(''), 0).failed).toEqual(['pytest: no test ran']);
    const fine = suite('<testcase classname="t" name="a" />');
    expect(fromJUnit(fine, 0).failed).toEqual([]);
    expect(fromJUnit(fine, 3).failed).toEqual([
      'pytest: ended with exit code 3'
    ]);
  });
});

describe('a JSON report of vitest', () => {
  it('counts tests, and a file that could not be loaded as one failure', () => {
    const path = file('v.json', {
      testResults: [
        {
          name: 'a.spec.ts',
          assertionResults: [
            { status: 'passed', fullName: 'one' },
            { status: 'skipped', fullName: 'two' },
            { status: 'todo', fullName: 'three' }
          ]
        },
        { name: 'b.spec.ts', message: 'cannot import', assertionResults: [] }
      ]
    });
    const results = fromVitest(path, 1);
    expect(results.passed).toBe(1);
    expect(results.failed.map(line => line.split(': ').pop())).toEqual([
      'skipped',
      'todo',
      'cannot import'
    ]);
  });
});

describe('a JSON report of Playwright', () => {
  const spec = (title, status) => ({ title, tests: [{ status }] });

  it('passes a test that needed a second try, and says so', () => {
    const path = file('p.json', {
      suites: [
        {
          title: 'a.spec.ts',
          specs: [spec('one', 'expected'), spec('two', 'flaky')],
          suites: [{ title: 'inner', specs: [spec('three', 'unexpected')] }]
        }
      ],
      errors: []
    });
    const results = fromPlaywright(path, 1);
    expect(results.passed).toBe(2);
    expect(results.failed).toEqual(['a.spec.ts > inner > three: unexpected']);
    expect(results.notes).toEqual([
      'passed on a second try only: a.spec.ts > two'
    ]);
  });

  it('counts a server that did not start, and a skipped test, as failed', () => {
    const path = file('p.json', {
      suites: [{ title: 'a', specs: [spec('one', 'skipped')] }],
      errors: [
        { message: 'Process from config.webServer was not able to start' }
      ]
    });
    expect(fromPlaywright(path, 1).failed).toHaveLength(2);
  });
});
