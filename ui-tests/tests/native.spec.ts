/**
 * Profiles with compiled frames, and of several metrics, in JupyterLab.
 */
import { expect, test } from '@jupyterlab/galata';

import { openFile, upload } from './files';

test('look', async ({ page, tmpPath }) => {
  await upload(page, tmpPath, {
    'mixed.folded': 'collapsed/mosaic.mixed.folded',
    'mixed.speedscope.json': 'speedscope/mosaic.mixed.speedscope.json',
    'hot.mp.gz': 'igprof/hot.mp.gz',
    'mosaic.pp.gz': 'igprof/mosaic.pp.gz'
  });
  for (const name of [
    'mixed.folded',
    'mixed.speedscope.json',
    'hot.mp.gz',
    'mosaic.pp.gz'
  ]) {
    const shown = await openFile(page, name);
    await expect(shown).toHaveAttribute('data-state', 'ready');
    await page.screenshot({ path: `/tmp/views-${name}.png` });
    await shown.getByRole('tab', { name: 'Callers and callees' }).click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: `/tmp/views-${name}-calls.png` });
    await page.activity.closeAll();
  }
});
