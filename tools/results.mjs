// The result of one step of the tests, and how the three test runners' reports
// become one. Nothing may be skipped: a skipped test counts as failed, by name.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { root } from './paths.mjs';
import { readJson } from './run.mjs';

/** Counts and names: `passed`, `failed` (names with reasons), `notes` (said in the summary). */
export class Results {
  passed = 0;
  failed = [];
  notes = [];

  /** Count one test; `problem` is empty when it passed. */
  add(name, problem) {
    if (problem) {
      this.failed.push(`${name}: ${problem}`);
    } else {
      this.passed += 1;
    }
  }

  /** Close the count of a runner: an exit code or an empty report must not look like success. */
  close(runner, status) {
    if (this.passed + this.failed.length === 0) {
      this.failed.push(
        status === 0
          ? `${runner}: no test ran`
          : `${runner}: ended with exit code ${status} and without a report`
      );
    } else if (status !== 0 && this.failed.length === 0) {
      this.failed.push(`${runner}: ended with exit code ${status}`);
    }
    return this;
  }
}

/** A step that could not even run counts as one failed test. */
export function broken(reason) {
  const results = new Results();
  results.failed.push(reason);
  return results;
}

/** vitest's JSON reporter. */
export function fromVitest(path, status) {
  const results = new Results();
  for (const file of readJson(path)?.testResults ?? []) {
    const name = relative(root, file.name);
    if (file.assertionResults.length === 0) {
      results.add(name, file.message || 'holds no test');
    }
    for (const test of file.assertionResults) {
      results.add(
        `${name}: ${test.fullName}`,
        test.status === 'passed' ? '' : test.status
      );
    }
  }
  return results.close('vitest', status);
}

const entities = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

function attribute(tag, name) {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  return value
    .replace(/&#(x?)([0-9a-fA-F]+);/g, (_, hex, code) =>
      String.fromCodePoint(parseInt(code, hex ? 16 : 10))
    )
    .replace(/&(quot|apos|lt|gt|amp);/g, (_, entity) => entities[entity]);
}

/** pytest's JUnit file. Text in it is escaped, so that a tag is a tag wherever it stands. */
export function fromJUnit(path, status) {
  const results = new Results();
  let xml = '';
  try {
    xml = readFileSync(path, 'utf8');
  } catch {
    // The runner died before it wrote the file: `close` says so.
  }
  for (const [, tag, body = ''] of xml.matchAll(
    /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g
  )) {
    const name = `${attribute(tag, 'classname')}.${attribute(tag, 'name')}`;
    const bad = /<(failure|error|skipped)\b(?:[^>"]|"[^"]*")*>/.exec(body);
    results.add(
      name,
      bad ? `${bad[1]} ${attribute(bad[0], 'message')}`.split('\n')[0] : ''
    );
  }
  return results.close('pytest', status);
}

/** Playwright's JSON reporter. A test that passed only on a second try passes, and is named. */
export function fromPlaywright(path, status) {
  const results = new Results();
  const report = readJson(path);
  const walk = (suite, titles) => {
    for (const inner of suite.suites ?? []) {
      walk(inner, [...titles, inner.title]);
    }
    for (const spec of suite.specs ?? []) {
      const name = [...titles, spec.title].join(' > ');
      for (const test of spec.tests) {
        const good = test.status === 'expected' || test.status === 'flaky';
        results.add(name, good ? '' : test.status);
        if (test.status === 'flaky') {
          results.notes.push(`passed on a second try only: ${name}`);
        }
      }
    }
  };
  walk(report ?? {}, []);
  for (const error of report?.errors ?? []) {
    results.add('playwright', error.message?.split('\n')[0] ?? 'error');
  }
  return results.close('playwright', status);
}
