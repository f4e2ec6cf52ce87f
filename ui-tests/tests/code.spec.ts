import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { cell, open, output, rowOf, sample } from './helpers';

const account = (result: Locator) => result.locator('.jp-Profiler-account');

test('from a row to the code: the cell, the file, and else the source as it ran', async ({
  page,
  tmpPath
}) => {
  await page.contents.uploadContent(
    [
      '# A module beside the notebook.',
      '',
      '',
      'def helped(n):',
      '    return sorted(range(n))',
      ''
    ].join('\n'),
    'text',
    `${tmpPath}/helping.py`
  );
  const filler = Array.from({ length: 12 }, (_, i) =>
    cell(`f${i}`, `filler = ${i}\n${'# text\n'.repeat(8)}`)
  );
  const result = await open(page, `${tmpPath}/code.ipynb`, [
    cell('c0', '%load_ext jupyterlab_profiler\nimport helping, statistics'),
    cell('c1', '\n\n# Two empty lines above.\ndef defined(n):\n    return n'),
    ...filler,
    cell(
      'c2',
      '%%cprofile\ndefined(1), helping.helped(9), statistics.mean([1, 2])'
    )
  ]);
  const last = filler.length + 2;
  for (const index of [0, 1, last]) {
    await page.notebook.runCell(index, true);
  }
  await expect(result).toHaveAttribute('data-state', 'ready');
  const flash = page.locator('.jp-Profiler-flash');

  await test.step('a function of another cell', async () => {
    await rowOf(result, 'defined').click();
    await account(result)
      .getByRole('button', { name: 'Go to the code' })
      .click();
    await expect(flash).toHaveText('def defined(n):');
    await expect(page.locator('.jp-Cell.jp-mod-active')).toContainText(
      'Two empty lines above'
    );
    await expect(flash).toHaveCount(0);
  });
  await test.step('a function of a cell that was changed since', async () => {
    const source = result.locator('.jp-Profiler-source');
    const go = async (text: string) => {
      await page.evaluate(now => {
        const panel = window.jupyterapp.shell.currentWidget as object;
        const { widgets } = Reflect.get(panel, 'content');
        widgets[1].model.sharedModel.setSource(now);
      }, text);
      await rowOf(result, 'defined').dblclick();
    };
    await go('first = 1\nsecond = 2\ndef defined(n):\n    return n');
    await expect(flash).toHaveText('def defined(n):');
    await expect(flash).toHaveCount(0);
    await expect(source).toHaveCount(0);
    await go('first = 1\ndef defined(n, m=0):\n    return n');
    await expect(source).toContainText(
      'Line 2 has changed since it ran. Here it is shown as it ran.'
    );
    await expect(source.locator('li.jp-mod-here')).toHaveText(
      'def defined(n):'
    );
    await expect(flash).toHaveCount(0);
    await source.getByRole('button', { name: 'Close' }).click();
  });
  await test.step('a function of the profiled cell, by key', async () => {
    await rowOf(result, '<module>').filter({ hasText: 'Cell [' }).click();
    await result.getByRole('treegrid').focus();
    await page.keyboard.press('Enter');
    await expect(flash).toHaveText('%%cprofile');
    await expect(page.locator('.jp-Profiler-source')).toHaveCount(0);
  });
  await test.step('a file that the server has: an editor at the line', async () => {
    await rowOf(result, 'helped').dblclick();
    await expect(
      page.locator(
        '.jp-FileEditor .jp-Profiler-flash, .jp-FileEditor .cm-activeLine'
      )
    ).toContainText('def helped(n):');
    await page.notebook.activate('code.ipynb');
  });
  await test.step('a file that it does not have: its source as it ran', async () => {
    await rowOf(result, 'mean').dblclick();
    const source = result.locator('.jp-Profiler-source');
    await expect(source).toContainText('statistics.py');
    await expect(source).toContainText('as it ran');
    await expect(source.locator('li.jp-mod-here')).toContainText('def mean(');
    await source.getByRole('button', { name: 'Close' }).click();
    await expect(source).toHaveCount(0);
    await expect(result.getByRole('treegrid')).toBeFocused();
  });
});

test('code that nobody has is told in a sentence', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/nowhere.ipynb`, [
    cell('c0', '%%cprofile', [output(sample('guide'))])
  ]);
  await rowOf(result, 'readCatalog').dblclick();
  await expect(result.locator('.jp-Profiler-source')).toContainText(
    'cannot be opened here, and its source is not in the profile'
  );
});
