import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import {
  cell,
  displays,
  open,
  output,
  sample,
  shown,
  whole,
  windowing,
  WINDOWING_MODES
} from './helpers';

/** Names in the last column, top down, as many as are drawn. */
function names(result: Locator): Promise<string[]> {
  return result.locator('.jp-Profiler-name').allTextContents();
}

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

for (const windowingMode of WINDOWING_MODES) {
  test.describe(`windowing mode ${windowingMode}`, () => {
    test.use({ mockSettings: windowing(windowingMode) });

    test('a result is drawn when its cell runs, and after scrolling away and back', async ({
      page,
      tmpPath
    }) => {
      const padding = Array.from({ length: 30 }, (_, i) =>
        cell(`p${i}`, `x = ${i}\n${'# text\n'.repeat(8)}`)
      );
      const result = await open(page, `${tmpPath}/a.ipynb`, [
        cell('c0', displays(whole('functions'))),
        ...padding
      ]);
      await page.notebook.runCell(0, true);
      await expect(result).toHaveAttribute('data-state', 'ready');
      await expect(result.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(
        27
      );
      expect(await names(result)).toContain('fib');

      const scrollTo = (index: number) =>
        page.evaluate(i => {
          const panel = window.jupyterapp.shell.currentWidget;
          return Reflect.get(panel ?? {}, 'content').scrollToItem(i);
        }, index);
      await scrollTo(30);
      await page.waitForTimeout(300);
      await scrollTo(0);
      await expect(
        result.locator('.jp-Profiler-scroll tbody tr').first()
      ).toBeVisible();
      expect((await result.boundingBox())?.width).toBeGreaterThan(300);
    });
  });
}

test('heads order the table by click and by key, and notebook shortcuts stay', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/sort.ipynb`, [
    cell('c0', '%%cprofile', [output(whole('functions'))]),
    cell('c1', 'second = 1')
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  const head = (label: string) =>
    result.locator('th').filter({ hasText: label }).first();

  await head('ncalls').getByRole('button').click();
  await expect(head('ncalls')).toHaveAttribute('aria-sort', 'descending');
  const byCalls = await names(result);
  const calls = await result.locator('td.jp-Profiler-calls').allTextContents();
  const numbers = calls
    .map(text => Number(text.split('/')[0].replaceAll(',', '')))
    .filter(number => !Number.isNaN(number));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));

  await page.keyboard.press('Enter');
  await expect(head('ncalls')).toHaveAttribute('aria-sort', 'ascending');
  expect(await names(result)).not.toEqual(byCalls);
  // Enter did not go to the notebook, which would have entered the editor.
  await expect(head('ncalls').getByRole('button')).toBeFocused();

  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Space');
  await expect(
    result.locator('.jp-Profiler-bar').getByRole('status')
  ).toContainText('ordered by ncalls, then tottime');
  await expect(head('ncalls')).toHaveAttribute('aria-sort', 'ascending');

  // Keys that no control takes are still JupyterLab's: Ctrl+S saves, and does not open the browser's dialog.
  await page.keyboard.press('Control+s');
  await expect(page.locator('.lm-TabBar-tab.jp-mod-current')).not.toHaveClass(
    /jp-mod-dirty/
  );
});

test('limits cut the first view and never the data', async ({
  page,
  tmpPath
}) => {
  const payload = sample('functions');
  payload.view = { sort: ['calls'], limits: [{ count: 5 }] };
  const result = await open(page, `${tmpPath}/limits.ipynb`, [
    cell('c0', '', [output(payload)])
  ]);
  await expect(result.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(5);
  await expect(
    result.locator('.jp-Profiler-bar').getByRole('status')
  ).toHaveText(/^5 of 27 rows · own .+ of .+ · ordered by ncalls$/);
  await result.getByRole('button', { name: 'Show all 27' }).click();
  await expect(result.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(27);
});

test('thousands of rows are windowed', async ({ page, tmpPath }) => {
  const result = await open(page, `${tmpPath}/large.ipynb`, [
    cell('c0', '', [output(sample('large'))])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  const rows = result.locator(
    '.jp-Profiler-scroll tbody tr:not([aria-hidden])'
  );
  expect(await rows.count()).toBeLessThan(120);
  const count = Number(
    await result.getByRole('treegrid').getAttribute('aria-rowcount')
  );
  expect(count).toBeGreaterThan(1000);
  await result
    .locator('.jp-Profiler-scroll')
    .evaluate(node => (node.scrollTop = node.scrollHeight));
  await expect(
    result.locator(`.jp-Profiler-scroll tbody tr[aria-rowindex="${count}"]`)
  ).toBeInViewport();
});

test('a saved result is drawn after a reload, without a kernel', async ({
  page,
  tmpPath
}) => {
  const path = `${tmpPath}/saved.ipynb`;
  const result = await open(page, path, [
    cell('c0', displays(whole('functions')))
  ]);
  await page.notebook.runCell(0, true);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await page.notebook.save();
  await page.notebook.close();
  await page.kernel.shutdownAll();
  // Galata would wait for the launcher, which a restored layout does not show.
  const options = {
    waitUntil: 'domcontentloaded',
    waitForIsReady: false
  } as const;
  await page.reload(options);
  await page.evaluate(
    async file =>
      window.jupyterapp.commands.execute('docmanager:open', {
        path: file,
        kernel: { shouldStart: false, autoStartDefault: false }
      }),
    path
  );
  await expect(page.locator('.jp-Profiler')).toHaveAttribute(
    'data-state',
    'ready'
  );
  await expect(page.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(27);
});

test('a notebook that is not trusted is drawn as well, and nothing in it becomes markup', async ({
  page,
  tmpPath
}) => {
  // Uploaded, so no signature of this server is on it.
  const result = await open(page, `${tmpPath}/untrusted.ipynb`, [
    cell('c0', '', [output(sample('interrupted'))])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  const isTrusted = await page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return Reflect.get(panel ?? {}, 'content').widgets[0].model.trusted;
  });
  expect(isTrusted).toBe(false);
  await expect(result).toContainText('Interrupted in Cell [<i>7</i>], line 3');
  await expect(result).toContainText('<img src=x onerror=alert(1)>');
  await expect(result.locator('img, script, i')).toHaveCount(0);
});

test('of many results those are drawn that are in sight', async ({
  page,
  tmpPath
}) => {
  const result = await open(
    page,
    `${tmpPath}/many.ipynb`,
    Array.from({ length: 12 }, (_, i) =>
      cell(`c${i}`, '', [output(whole('functions'))])
    )
  );
  await expect(result).toHaveCount(12);
  await expect(result.first()).toHaveAttribute('data-state', 'ready');
  await expect(result.last()).toHaveAttribute('data-state', 'loading');
  await shown(result.last());
  await expect(result.last().getByRole('treegrid')).toBeVisible();
});

test('what is no profile is told in a sentence', async ({ page, tmpPath }) => {
  const newer = { ...whole('functions'), version: 2 };
  const damaged = whole('functions');
  damaged.strings = [];
  const result = await open(page, `${tmpPath}/broken.ipynb`, [
    cell('c0', '', [output(newer)]),
    cell('c1', '', [output(damaged)]),
    cell('c2', '', [output('<script>alert(1)</script>')])
  ]);
  await expect(result).toHaveCount(3);
  for (const one of await result.all()) {
    await shown(one);
  }
  await expect(result.nth(0).getByRole('alert')).toContainText(
    'written by a newer version'
  );
  await expect(result.nth(1).getByRole('alert')).toContainText(
    'Expected an index below 0'
  );
  await expect(result.nth(2).getByRole('alert')).toContainText(
    'Expected an object'
  );
  await expect(page.getByText('Javascript Error')).toHaveCount(0);
});

test('an update of the display changes the same result', async ({
  page,
  tmpPath
}) => {
  const bundle = (name: string) =>
    JSON.stringify(JSON.stringify(output(whole(name)).data));
  const result = await open(page, `${tmpPath}/update.ipynb`, [
    cell(
      'c0',
      `import json\nfrom IPython.display import display, update_display\ndisplay(json.loads(${bundle('functions')}), raw=True, display_id='r')`
    ),
    cell(
      'c1',
      `update_display(json.loads(${bundle('interrupted')}), raw=True, display_id='r')`
    )
  ]);
  await page.notebook.runCell(0, true);
  await expect(result.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(27);
  await page.notebook.runCell(1, true);
  await expect(result.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(6);
  await expect(result).toHaveCount(1);
});

test('several views of one result are drawn on their own', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/views.ipynb`, [
    cell('c0', '', [output(whole('functions'))])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('notebook:create-output-view')
  );
  await expect(result).toHaveCount(2);
  await expect(result.nth(1)).toHaveAttribute('data-state', 'ready');
  await result.nth(1).getByRole('button', { name: 'ncalls' }).click();
  await expect(
    result.nth(1).locator('.jp-Profiler-bar').getByRole('status')
  ).toContainText('ncalls');
  await expect(
    result.nth(0).locator('.jp-Profiler-bar').getByRole('status')
  ).toContainText('tottime');
});

test('rows follow the setting at once, and so do hidden functions', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/rows.ipynb`, [
    cell('c0', '', [output(sample('large'))])
  ]);
  const scroll = result.locator('.jp-Profiler-scroll');
  const heightOf = async () => (await scroll.boundingBox())?.height ?? 0;
  const set = (name: string, value: number | string[]) =>
    page.evaluate(
      async ([key, to]) => {
        const registry = await window.galata.getPlugin(
          '@jupyterlab/apputils-extension:settings'
        );
        await registry?.set('jupyterlab-profiler:output', key, to);
      },
      [name, value] as const
    );
  const before = await heightOf();
  const row = await scroll.locator('tbody tr').nth(5).boundingBox();
  await set('rows', 8);
  // 16 rows before.
  await expect
    .poll(async () => Math.round((before - (await heightOf())) / 8))
    .toBe(Math.round(row?.height ?? 0));

  const status = result.locator('.jp-Profiler-bar').getByRole('status');
  await expect(status).not.toContainText('hidden by your settings');
  await set('hiddenFunctions', ['/site-packages/']);
  await expect(status).toContainText('hidden by your settings');
});

for (const theme of ['light', 'dark', 'dark high contrast']) {
  test(`a result in the ${theme} theme`, async ({ page, tmpPath }, info) => {
    const names: Record<string, string> = {
      light: 'JupyterLab Light',
      dark: 'JupyterLab Dark',
      'dark high contrast': 'JupyterLab Dark High Contrast'
    };
    await page.evaluate(
      name =>
        window.jupyterapp.commands.execute('apputils:change-theme', {
          theme: name
        }),
      names[theme]
    );
    const failed = whole('functions');
    failed.view = { sort: ['cumtime', 'ncalls'], limits: [{ count: 12 }] };
    const result = await open(page, `${tmpPath}/theme.ipynb`, [
      cell('c0', '', [output(whole('functions'))]),
      cell('c1', '', [output(failed)]),
      cell('c2', '', [output(sample('interrupted'))]),
      cell('c3', '', [output({ ...failed, version: 2 })])
    ]);
    await expect(result).toHaveCount(4);
    for (let i = 0; i < 4; i++) {
      await shown(result.nth(i));
      await result.nth(i).screenshot({
        path: info.outputPath(`${theme.replaceAll(' ', '-')}-${i}.png`)
      });
    }
    // Head and rows must tell themselves from what scrolls beneath, in every theme.
    const [head, text] = await result
      .nth(0)
      .locator('th')
      .first()
      .evaluate(node => {
        const style = getComputedStyle(node);
        return [style.backgroundColor, style.color];
      });
    expect(head).not.toBe('rgba(0, 0, 0, 0)');
    expect(head).not.toBe(text);
  });
}

test('a result fits into 320 pixels, wide ones show all columns, and names can be read', async ({
  page,
  tmpPath
}, info) => {
  const guide = whole('guide');
  // A name that is shorter than what a cut one may have.
  guide.strings = (guide.strings as string[]).map(text =>
    text === 'find' ? 'f' : text
  );
  const result = await open(page, `${tmpPath}/narrow.ipynb`, [
    cell('c0', '', [output(guide)])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await result.locator('summary').click();
  // What is loaded after the first look has a style sheet, too.
  await expect(result.locator('dl')).toBeVisible();
  for (const [width, columns] of [
    [320, 4],
    [400, 5],
    [480, 5],
    [600, 5],
    [700, 5],
    [740, 7],
    [1160, 7],
    [1170, 7],
    [1300, 7],
    [1600, 7]
  ]) {
    await result.evaluate((node, px) => {
      node.style.width = `${px}px`;
      node.style.flex = 'none';
    }, width);
    await expect(result.locator('thead th:visible')).toHaveCount(columns);
    const scroll = result.locator('.jp-Profiler-scroll');
    expect(
      await scroll.evaluate(node => node.scrollWidth - node.clientWidth)
    ).toBe(0);
    const found = await scroll.evaluate(node => {
      const table = node.querySelector('table') as HTMLElement;
      const probe = document.createElement('span');
      probe.textContent = '0'.repeat(100);
      const { fontFamily, fontSize } = getComputedStyle(table);
      probe.style.cssText = `position:absolute;font:600 ${fontSize} ${fontFamily}`;
      document.body.append(probe);
      const character = probe.offsetWidth / 100;
      probe.remove();
      const names = table.querySelectorAll('tbody .jp-Profiler-name');
      return [...names].map(name => {
        const text = document.createRange();
        text.selectNodeContents(name);
        const room = name.getBoundingClientRect().width;
        const needed = text.getBoundingClientRect().width;
        return {
          name: name.textContent,
          spare: room - needed,
          characters: room / character
        };
      });
    });
    expect(found.length).toBeGreaterThan(10);
    for (const { name, spare, characters } of found) {
      // Nothing but the text, and of a long one what tells it from others.
      expect(spare, `${name} at ${width}`).toBeLessThan(1);
      if (spare < -0.02) {
        expect(characters, `${name} at ${width}`).toBeGreaterThan(10.5);
      }
    }
    await result.screenshot({ path: info.outputPath(`${width}.png`) });
  }
});

test('where the system chooses the colours, bars are drawn and what is chosen is told apart', async ({
  page,
  tmpPath
}, info) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const result = await open(page, `${tmpPath}/forced.ipynb`, [
    cell('c0', '', [output(whole('guide'))])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await result.evaluate(node => {
    node.style.width = '900px';
    node.style.flex = 'none';
  });
  const styleOf = (selector: string, name: string) =>
    result
      .locator(selector)
      .first()
      .evaluate(
        (node, property) => getComputedStyle(node).getPropertyValue(property),
        name
      );
  const tab = (isSelected: boolean) =>
    `[role=tab][aria-selected=${isSelected}]`;
  await expect
    .poll(() => styleOf(tab(true), 'background-color'))
    .not.toBe(await styleOf(tab(false), 'background-color'));
  await result.locator('.jp-Profiler-chip').first().click();
  const chip = (isPressed: boolean) =>
    `.jp-Profiler-chip[aria-pressed=${isPressed}]`;
  expect(await styleOf(chip(true), 'background-color')).not.toBe(
    await styleOf(chip(false), 'background-color')
  );
  await result.locator('.jp-Profiler-chip').first().click();
  expect(
    await styleOf('td.jp-Profiler-shareBar', 'background-image')
  ).toContain('gradient');
  const track = '.jp-Profiler-account .jp-Profiler-track';
  expect(await styleOf(`${track} .jp-mod-own`, 'background-color')).not.toBe(
    await styleOf(track, 'background-color')
  );
  expect(await styleOf('tbody tr[aria-selected=true]', 'outline-style')).toBe(
    'solid'
  );
  expect(await styleOf('tbody tr[aria-selected=false]', 'outline-style')).toBe(
    'none'
  );
  await result.screenshot({ path: info.outputPath('forced.png') });
});

test('a result is drawn rather than its fallbacks', async ({
  page,
  tmpPath
}) => {
  const result = await open(page, `${tmpPath}/rank.ipynb`, [
    cell('c0', '', [output(sample('empty'))])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await expect(page.getByText('the fallback as')).toHaveCount(0);
});
