import { expect, test } from '@jupyterlab/galata';

import { cell, notebook } from './helpers';

const PROFILED = `%%cprofile
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def table(size):
    return [fib(i) for i in range(size)]

total = sum(table(12))
total`;

test('%%cprofile in a real kernel shows what was called, how often, under the cell', async ({
  page,
  tmpPath
}, info) => {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  const path = `${tmpPath}/cprofile.ipynb`;
  await page.contents.uploadContent(
    JSON.stringify(
      notebook([
        cell('c0', '%load_ext jupyterlab_profiler'),
        cell('c1', PROFILED),
        cell('c2', '%%cprofile\nprint("before")\n1 / 0')
      ])
    ),
    'text',
    path
  );
  await page.notebook.openByPath(path);
  await page.notebook.activate('cprofile.ipynb');
  await page.notebook.runCell(0, true);
  await page.notebook.runCell(1, true);
  const result = page.locator('.jp-Profiler').first();
  await expect(result).toHaveAttribute('data-state', 'ready');

  // Calls of fib(0) ... fib(11): each fib(n) takes 2 * fibonacci(n + 1) - 1, 12 of them from outside.
  const row = (name: string) =>
    result.locator('.jp-Profiler-scroll tbody tr').filter({
      has: page.locator('.jp-Profiler-name', {
        hasText: new RegExp(`^${name}$`)
      })
    });
  await expect(row('fib').locator('.jp-Profiler-calls')).toHaveText('740/12');
  await expect(row('table').locator('.jp-Profiler-calls')).toHaveText('1');
  await expect(row('fib').locator('.jp-Profiler-file')).toHaveText('Cell [2]');
  await expect(row('fib').locator('.jp-Profiler-line')).toHaveText(':2(');
  const sum = row('sum');
  await expect(sum.locator('.jp-Profiler-badge')).toHaveText('C');
  // The cell's value is displayed as if there were no profiler.
  await expect(page.locator('.jp-OutputArea-executeResult')).toContainText(
    '232'
  );
  await result.screenshot({ path: info.outputPath('cprofile.png') });

  await page.notebook.runCell(2, true);
  const failed = page.locator('.jp-Profiler').nth(1);
  await expect(failed).toContainText('Failed in Cell [3], line 3');
  await expect(failed).toContainText('ZeroDivisionError');
  expect(errors).toEqual([]);
});
