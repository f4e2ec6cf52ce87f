import { expect, test } from '@jupyterlab/galata';

import { cell, open, output, shown } from './helpers';
import { linesPayload } from './linePayload';

const DEFINED = [
  'def smooth(image, k):',
  '    out = list(image)',
  '    for y in range(k, len(image) - k):',
  '        out[y] = sum(image[i] for i in range(y - k, y + k))',
  '    if not out:',
  '        raise ValueError(image)',
  '    return out'
].join('\n');

const PROFILED = ['', '%%lprun', 'image = range(10_000)', 'smooth(image, 2)'].join('\n');

const RUN = PROFILED.trim();

test('smoke', async ({ page, tmpPath }, info) => {
  page.on('console', m => console.log(m.type(), m.text().slice(0, 300)));
  page.on('pageerror', e => console.log('PAGEERROR', e.stack));
  const payload = linesPayload({
    wall: 912_500_000,
    cell: 'c1',
    sources: [
      { path: '/tmp/ipykernel_1/1.py', cell: 'c0', text: DEFINED + '\n' },
      { path: '/tmp/ipykernel_1/2.py', cell: 'c1', text: RUN + '\n' }
    ],
    lines: [
      [1, 2, '<module>', 1, 1_500_000],
      [1, 3, '<module>', 1, 905_000_000],
      [0, 1, '<module>', 1, 300],
      [0, 2, 'smooth', 1, 4_000],
      [0, 3, 'smooth', 9_997, 120_000_000],
      [0, 4, 'smooth', 9_996, 780_000_000],
      [0, 4, '<genexpr>', 49_980, 600_000_000],
      [0, 5, 'smooth', 1, 100],
      [0, 6, 'smooth', 0, 0],
      [0, 7, 'smooth', 1, 80]
    ]
  });
  const result = await open(page, `${tmpPath}/smoke.ipynb`, [
    cell('c0', DEFINED),
    cell('c1', PROFILED, [output(payload)])
  ]);
  await shown(result);
  await page.waitForTimeout(2000);
  await page.screenshot({ path: info.outputPath('light.png') });
  await page.locator('.jp-Profiler-cost[role]').nth(3).hover();
  await page.waitForTimeout(300);
  await page.screenshot({ path: info.outputPath('tip.png') });
  await page.theme.setDarkTheme();
  await page.waitForTimeout(500);
  await page.screenshot({ path: info.outputPath('dark.png') });
  expect(await page.locator('.jp-Profiler-cost[role]').count()).toBe(9);
});
