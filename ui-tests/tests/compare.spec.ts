import { expect, test } from '@jupyterlab/galata';

import { front, item, upload } from './files';
import { rowOf } from './helpers';

test('two files are compared, the earlier one is the baseline, and the tab is there again after a reload', async ({
  page,
  tmpPath
}) => {
  // Named so that the baseline stands last in the list.
  await upload(page, tmpPath, { 'before.pp.gz': 'igprof/hot.pp.gz' });
  // Times of files are told in seconds by some servers.
  await page.waitForTimeout(1500);
  await upload(page, tmpPath, { 'after.pp.gz': 'igprof/hot_run2.pp.gz' });
  await item(page, 'before.pp.gz').click();
  const menu = () =>
    page.getByRole('menuitem', { name: 'Compare with Baseline' });
  await item(page, 'before.pp.gz').click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Copy Path' })).toBeVisible();
  await expect(menu()).toHaveCount(0);
  await page.keyboard.press('Escape');
  await item(page, 'after.pp.gz').click({ modifiers: ['Shift'] });
  await item(page, 'after.pp.gz').click({ button: 'right' });
  await menu().click();

  const shown = front(page);
  await expect(shown).toHaveAttribute('data-state', 'ready');
  await expect(
    page.locator('#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current')
  ).toContainText('after.pp.gz − before.pp.gz');
  // 213 ticks of 5 ms more; igprof-analyse, which keeps the period in a float, prints 1.06 (diff-run2-vs-run1.txt).
  await expect(rowOf(shown, 'lin::matmul(…)').first()).toContainText('1.07 s');
  await expect(shown).toContainText(
    'Values are those of after.pp.gz less those of before.pp.gz'
  );
  await shown.getByRole('tab', { name: 'Call tree' }).click();
  await expect(shown).toContainText(
    'No boxes can be drawn: the values are none, or below 0, or do not add up.'
  );

  // The layout is saved after a pause. Galata would wait for the launcher, which a restored one does not show.
  await page.waitForTimeout(3000);
  const options = {
    waitUntil: 'domcontentloaded',
    waitForIsReady: false
  } as const;
  await page.reload(options);
  await expect(front(page)).toHaveAttribute('data-state', 'ready', {
    timeout: 30_000
  });
  await expect(front(page)).toContainText(
    'Values are those of after.pp.gz less those of before.pp.gz'
  );
});
