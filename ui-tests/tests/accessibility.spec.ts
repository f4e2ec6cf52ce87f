import { readFileSync } from 'node:fs';

import { expect, test } from '@jupyterlab/galata';

import {
  cell,
  execute,
  open,
  output,
  rowOf,
  sample,
  shown,
  whole
} from './helpers';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The part of axe-core's result that is looked at. */
interface IViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

const THEMES = [
  'JupyterLab Light',
  'JupyterLab Dark',
  'JupyterLab Dark High Contrast'
];

for (const theme of THEMES) {
  test(`results have no serious fault of accessibility in ${theme}`, async ({
    page,
    tmpPath
  }) => {
    await execute(page, 'apputils:change-theme', { theme });
    const result = await open(page, `${tmpPath}/axe.ipynb`, [
      cell('c0', '%%cprofile', [output(sample('guide'))]),
      cell('c1', '%%cprofile', [output(sample('interrupted'))]),
      cell('c2', '%%cprofile', [output({ ...whole('functions'), version: 2 })]),
      cell('c3', '%%cprofile', [output(whole('functions'))])
    ]);
    await expect(result).toHaveCount(4);
    for (const one of await result.all()) {
      await shown(one);
    }
    await rowOf(result.nth(0), 'readCatalog').click();
    await result.nth(0).locator('summary').first().click();
    await result.nth(0).getByLabel('Group by').selectOption('package');
    await result.nth(3).getByRole('tab', { name: 'Charts' }).click();
    await expect(result.nth(3).locator('.js-plotly-plot')).toBeVisible();
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const axe = Reflect.get(window, 'axe');
      const { violations: found } = await axe.run('.jp-Profiler', {
        resultTypes: ['violations']
      });
      return found as IViolation[];
    });
    expect(
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(node => node.html)])
    ).toEqual([]);
  });
}

test('a change of the list is told to screen readers, and nothing moves for who wants no motion', async ({
  page,
  tmpPath
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const result = await open(page, `${tmpPath}/told.ipynb`, [
    cell('c0', '%%cprofile', [output(sample('guide'))])
  ]);
  const told = result.locator('.jp-Profiler-bar').getByRole('status');
  await expect(told).toContainText('30 rows');
  await result.getByRole('searchbox').fill('readFits');
  await expect(told).toContainText('4 of 30 rows');
  const moving = await result.evaluate(
    node =>
      [node, ...node.querySelectorAll('*')].filter(one => {
        const { animationName, transitionDuration } = getComputedStyle(one);
        return animationName !== 'none' || parseFloat(transitionDuration) > 0;
      }).length
  );
  expect(moving).toBe(0);
});
