import { readFileSync } from 'node:fs';

import { expect, test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { pathsPayload, program } from './callPaths';
import { cell, execute, open, output, sample, type Json } from './helpers';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Height of a row of boxes in px. */
const ROW = 18;

/** A program of three levels, whose widths are halves and quarters. */
const SMALL = pathsPayload({
  functions: [
    ['main', 'cell_1', 1],
    ['load', 'cell_1', 5],
    ['fit', '/home/ada/model.py', 9],
    ['parse', '/v/lib/site-packages/pandas/io.py', 3],
    ['dumps', '/usr/lib/python3.13/json/__init__.py', 183],
    ['len', '', 0]
  ],
  // main 1000 ms: load 500 (parse 250, len 50), fit 250 (dumps 125)
  frames: [
    [0, 0, 250e6, 1],
    [1, 1, 200e6, 2],
    [2, 3, 250e6, 4],
    [2, 5, 50e6, 9],
    [1, 2, 125e6, 3],
    [2, 4, 125e6, 6]
  ]
});

/** Show the call tree of a result in a notebook of its own. */
async function openTree(
  page: IJupyterLabPageFixture,
  folder: string,
  payload: Json
): Promise<Locator> {
  const result = await open(page, `${folder}/tree.ipynb`, [
    cell('c0', '%%cprofile', [output(payload)])
  ]);
  await expect(result).toHaveAttribute('data-state', 'ready');
  await result.getByRole('tab', { name: 'Call tree' }).click();
  await expect(result.locator('.jp-Profiler-tree')).toBeVisible();
  return result.locator('.jp-Profiler-tree');
}

function flame(tree: Locator): Locator {
  return tree.locator('.jp-Profiler-flame');
}

/** The sentence of the box that the keyboard is on. */
function line(tree: Locator): Locator {
  return tree.locator('.jp-Profiler-boxLine').getByRole('status');
}

/** A place in a picture: a part of the width, in the middle of a row. */
async function place(
  picture: Locator,
  part: number,
  row: number
): Promise<{ x: number; y: number }> {
  const width = await picture.evaluate(node => node.clientWidth);
  return { x: part * width, y: (row + 0.5) * ROW };
}

/** How many colours there are in a picture: more than that of nothing, if something is drawn. */
function colours(tree: Locator): Promise<number> {
  return tree
    .locator('.jp-Profiler-flameCanvas')
    .first()
    .evaluate(node => {
      const canvas = node as HTMLCanvasElement;
      const context = canvas.getContext('2d');
      const { data } = context?.getImageData(
        0,
        0,
        canvas.width,
        canvas.height
      ) ?? { data: [] };
      const found = new Set<number>();
      for (let i = 0; i < data.length; i += 4) {
        found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      }
      return found.size;
    });
}

/** The colour of a place in a picture. */
async function colourAt(
  tree: Locator,
  part: number,
  row: number
): Promise<string> {
  return tree
    .locator('.jp-Profiler-flameCanvas')
    .first()
    .evaluate(
      (node, [x, y]) => {
        const canvas = node as HTMLCanvasElement;
        const scale = canvas.width / canvas.clientWidth;
        const data = canvas
          .getContext('2d')
          ?.getImageData(x * canvas.width, y * scale, 1, 1).data;
        return [...(data ?? [])].slice(0, 3).join(',');
      },
      [part, (row + 0.2) * ROW] as const
    );
}

let pageErrors: string[] = [];

test.beforeEach(({ page }) => {
  pageErrors = [];
  page.on('pageerror', error => pageErrors.push(error.message));
});

test.afterEach(() => {
  expect(pageErrors).toEqual([]);
});

test('boxes are as wide as what they took, in four forms', async ({
  page,
  tmpPath
}, info) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  const tip = picture.locator('.jp-Profiler-tip');
  // load is the left half of the second row, fit the quarter beside it; the last quarter is main's own.
  await picture.hover({ position: await place(picture, 0.48, 1) });
  await expect(tip).toContainText('load');
  await expect(tip).toContainText('total 500\u00a0ms, 50% of all');
  await picture.hover({ position: await place(picture, 0.6, 1) });
  await expect(tip).toContainText('fit');
  await expect(tip).toContainText('own 125\u00a0ms, 50% of it');
  await picture.hover({ position: await place(picture, 0.9, 1) });
  await expect(tip).toBeHidden();
  expect(await colours(tree)).toBeGreaterThan(5);
  await tree.screenshot({ path: info.outputPath('icicle.png') });

  await tree.getByRole('radio', { name: 'Flame' }).click();
  await picture.hover({ position: await place(picture, 0.5, 2) });
  await expect(tip).toContainText('main');

  await tree.getByRole('radio', { name: 'Inverted' }).click();
  // What owns most is first: main and parse with 250 ms each.
  await picture.hover({ position: await place(picture, 0.4, 0) });
  await expect(tip).toContainText('250\u00a0ms, 25% of all');

  await tree.getByRole('radio', { name: 'Sandwich' }).click();
  await expect(picture).toHaveCount(2);
  await tree.screenshot({ path: info.outputPath('sandwich.png') });
});

test('a click zooms to a box, breadcrumbs lead back, and the state outlives a reload', async ({
  page,
  tmpPath
}) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  const crumbs = tree.getByRole('navigation', { name: 'Zoomed to' });
  await expect(crumbs).toBeHidden();
  await picture.click({ position: await place(picture, 0.3, 1) });
  await expect(crumbs.getByRole('button')).toHaveText(['All', 'main', 'load']);
  // load fills the width: parse is its left half.
  const tip = picture.locator('.jp-Profiler-tip');
  await expect(async () => {
    await picture.hover({ position: await place(picture, 0.45, 2) });
    await expect(tip).toContainText('parse', { timeout: 500 });
  }).toPass();
  await page.waitForTimeout(1000);
  // Galata would wait for the launcher, which a restored layout does not show.
  const options = {
    waitUntil: 'domcontentloaded',
    waitForIsReady: false
  } as const;
  await page.reload(options);
  await execute(page, 'docmanager:open', { path: `${tmpPath}/tree.ipynb` });
  const again = page.locator('.jp-Profiler-tree');
  await expect(
    again
      .getByRole('navigation', { name: 'Zoomed to' })
      .getByRole('button', { name: 'load' })
  ).toBeVisible({ timeout: 60_000 });
  await again.getByRole('button', { name: 'All', exact: true }).click();
  await expect(
    again.getByRole('navigation', { name: 'Zoomed to' })
  ).toBeHidden();
});

test('arrow keys walk the tree, and screen readers are told', async ({
  page,
  tmpPath
}) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  await picture.focus();
  await page.keyboard.press('Home');
  await expect(line(tree)).toHaveText(
    'main, Cell [1]:1, total 1.00\u00a0s, 100% of all, own 250\u00a0ms, 25% of it, 1 call, level 1'
  );
  await page.keyboard.press('ArrowDown');
  await expect(line(tree)).toContainText('load');
  await page.keyboard.press('ArrowRight');
  await expect(line(tree)).toContainText('fit');
  await page.keyboard.press('ArrowDown');
  await expect(line(tree)).toContainText(
    'dumps, __init__.py:183, total 125\u00a0ms, 13% of all, 50% of its caller'
  );
  await page.keyboard.press('ArrowUp');
  await expect(line(tree)).toContainText('fit');
  await page.keyboard.press(' ');
  const crumbs = tree.getByRole('navigation', { name: 'Zoomed to' });
  await expect(crumbs.getByRole('button')).toHaveText(['All', 'main', 'fit']);
  await page.keyboard.press('Escape');
  await expect(crumbs).toBeHidden();
  // Zooming by keys is the picture's; the notebook's cell is still there.
  for (const key of ['+', 'w', 'd', 'a', 's', '-', '0']) {
    await page.keyboard.press(key);
  }
  await expect(page.locator('.jp-Cell')).toHaveCount(1);
  await expect(picture).toBeFocused();
});

test('the wheel is the page’s unless Ctrl is held or the picture has the focus', async ({
  page,
  tmpPath
}) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  const tip = picture.locator('.jp-Profiler-tip');
  await picture.hover({ position: await place(picture, 0.48, 1) });
  await page.mouse.wheel(0, 100);
  await picture.hover({ position: await place(picture, 0.48, 1) });
  await expect(tip).toContainText('load');
  const { x, y } = await place(picture, 0.6, 1);
  await picture.hover({ position: { x, y } });
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -2000);
  await page.keyboard.up('Control');
  // fit fills the width now.
  await picture.hover({ position: await place(picture, 0.1, 1) });
  await expect(tip).toContainText('fit');
});

test('a drag zooms to a range', async ({ page, tmpPath }) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  const box = await picture.boundingBox();
  const at = (part: number) =>
    [
      (box?.x ?? 0) + part * (box?.width ?? 0),
      (box?.y ?? 0) + 1.5 * ROW
    ] as const;
  await page.mouse.move(...at(0.55));
  await page.mouse.down();
  await page.mouse.move(...at(0.6), { steps: 4 });
  await page.mouse.move(...at(0.7), { steps: 4 });
  await page.mouse.up();
  await expect(async () => {
    await page.mouse.move(...at(0.02));
    await page.mouse.move(...at(0.03));
    await expect(picture.locator('.jp-Profiler-tip')).toContainText('fit', {
      timeout: 500
    });
  }).toPass();
  await picture.focus();
  await page.keyboard.press('Escape');
});

test('a search marks boxes and says how much of the whole they are', async ({
  page,
  tmpPath
}, info) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const plain = await colourAt(tree, 0.9, 0);
  await tree.getByRole('searchbox').fill('load');
  await expect(tree.locator('.jp-Profiler-found')).toHaveText('1 match, 50%');
  // Others step back.
  await expect.poll(() => colourAt(tree, 0.9, 0)).not.toBe(plain);
  await tree.screenshot({ path: info.outputPath('search.png') });
  await tree.getByRole('searchbox').fill('nothing like it');
  await expect(tree.locator('.jp-Profiler-found')).toHaveText('no matches');
  // The same search as in the list of functions.
  await page.getByRole('tab', { name: 'Functions' }).click();
  await expect(
    page.locator('.jp-Profiler-functions').getByRole('searchbox')
  ).toHaveValue('nothing like it');
});

test('changes of the tree are a list that can be undone', async ({
  page,
  tmpPath
}, info) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  const chips = tree.locator('.jp-Profiler-changes li');
  await picture.click({
    button: 'right',
    position: await place(picture, 0.48, 1)
  });
  const menu = tree.getByRole('menu');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await tree.screenshot({ path: info.outputPath('menu.png') });
  await menu.getByRole('menuitem', { name: 'Leave load out' }).click();
  await expect(chips).toHaveText([/without load/]);
  await expect(tree.locator('.jp-Profiler-bar').first()).toContainText(
    '500\u00a0ms · 3 boxes'
  );
  await tree.getByRole('button', { name: 'My code only' }).click();
  await expect(chips).toHaveText([/without load/, /my code only/]);
  await tree.screenshot({ path: info.outputPath('changes.png') });
  await picture.focus();
  await page.keyboard.press('Control+z');
  await expect(chips).toHaveText([/without load/]);
  await expect(
    tree.getByRole('button', { name: 'My code only' })
  ).toHaveAttribute('aria-pressed', 'false');
  await tree.getByRole('button', { name: 'Take away: without load' }).click();
  await expect(chips).toHaveCount(0);
  await expect(tree.locator('.jp-Profiler-bar').first()).toContainText(
    '1.00\u00a0s · 6 boxes'
  );
  // By keys on a box.
  await picture.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  await expect(chips).toHaveText([/load merged/]);
  await tree.getByRole('button', { name: 'Undo' }).click();
  await expect(chips).toHaveCount(0);
  await expect(page.locator('.jp-Cell')).toHaveCount(1);
});

test('picture, table, list and account are about one function', async ({
  page,
  tmpPath
}) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const picture = flame(tree);
  const rows = tree.getByRole('treegrid');
  await picture.click({ position: await place(picture, 0.2, 2) });
  await expect(rows.locator('tr[aria-selected=true]')).toContainText('parse');
  await rows.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(line(tree)).toContainText('load');
  // Closed and opened again.
  await page.keyboard.press('ArrowLeft');
  await expect(rows.locator('tr[aria-selected=true]')).toHaveAttribute(
    'aria-expanded',
    'false'
  );
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(line(tree)).toContainText('parse');
  await tree.getByRole('button', { name: 'Account' }).click();
  await expect(page.locator('.jp-Profiler-account h3')).toHaveText('parse');
  await page
    .locator('.jp-Profiler-functions')
    .locator('tr', { hasText: 'dumps' })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Call tree' }).click();
  await expect(rows.locator('tr[aria-selected=true]')).toContainText('dumps');
});

test('threads and tasks are chosen by their shares', async ({
  page,
  tmpPath
}) => {
  const tree = await openTree(
    page,
    tmpPath,
    pathsPayload({
      functions: [
        ['main', 'cell_1', 1],
        ['fetch', 'cell_1', 5]
      ],
      frames: [
        [0, 0, 750e6, 1, 0],
        [0, 1, 250e6, 3, 1]
      ],
      threads: ['MainThread', 'Task-2']
    })
  );
  const threads = tree.getByLabel('Thread or task');
  await expect(threads.locator('option')).toHaveText([
    'all',
    'MainThread, 75%',
    'Task-2, 25%'
  ]);
  await threads.selectOption('Task-2, 25%');
  await expect(tree.locator('.jp-Profiler-bar').first()).toContainText(
    '250\u00a0ms · 1 box'
  );
});

test('of sums alone a tree is drawn only when asked for, and hatched', async ({
  page,
  tmpPath
}, info) => {
  const result = await open(page, `${tmpPath}/tree.ipynb`, [
    cell('c0', '%%cprofile', [output(sample('guide'))])
  ]);
  await result.getByRole('tab', { name: 'Call tree' }).click();
  const tree = result.locator('.jp-Profiler-tree');
  await expect(tree).toContainText('Sums carry no tree');
  await expect(flame(tree)).toHaveCount(0);
  await tree.getByRole('button', { name: 'Show an estimate' }).click();
  await expect(flame(tree)).toBeVisible();
  await expect(tree).toContainText('An estimate, made of sums');
  await flame(tree).focus();
  await tree.getByRole('searchbox').fill('_import');
  await tree.screenshot({ path: info.outputPath('estimate.png') });
  await tree.getByRole('button', { name: 'Hide the estimate' }).click();
  await expect(flame(tree)).toHaveCount(0);
});

for (const theme of [
  'JupyterLab Light',
  'JupyterLab Dark',
  'JupyterLab Dark High Contrast'
]) {
  test(`the call tree has no serious fault of accessibility in ${theme}`, async ({
    page,
    tmpPath
  }, info) => {
    await execute(page, 'apputils:change-theme', { theme });
    const tree = await openTree(page, tmpPath, program(3000));
    await flame(tree).focus();
    await page.keyboard.press('Home');
    await tree.getByRole('button', { name: 'Fold the spine' }).click();
    await expect(tree.locator('.jp-Profiler-changes li')).toHaveCount(1);
    await flame(tree).focus();
    await page.keyboard.press('ArrowDown');
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const axe = Reflect.get(window, 'axe');
      const { violations: found } = await axe.run('.jp-Profiler', {
        resultTypes: ['violations']
      });
      return (
        found as { id: string; impact: string; nodes: { html: string }[] }[]
      )
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(one => one.html)]);
    });
    expect(violations).toEqual([]);
    await tree.screenshot({ path: info.outputPath('tree.png') });
  });
}

test('a theme change colours the tree anew', async ({ page, tmpPath }) => {
  const tree = await openTree(page, tmpPath, SMALL);
  const colour = () => colourAt(tree, 0.9, 0);
  const light = await colour();
  await page.theme.setDarkTheme();
  await expect.poll(colour).not.toBe(light);
  await page.theme.setLightTheme();
  await expect.poll(colour).toBe(light);
});

test('the call tree fits into 320 pixels, and nothing moves for who wants no motion', async ({
  page,
  tmpPath
}, info) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const tree = await openTree(page, tmpPath, program(3000));
  await page.sidebar.close('left');
  const width = () => tree.evaluate(node => node.clientWidth);
  await page.setViewportSize({ width: 600, height: 900 });
  await page.waitForTimeout(300);
  await page.setViewportSize({
    width: 600 + 320 - (await width()),
    height: 900
  });
  await expect.poll(width).toBe(320);
  await expect
    .poll(() =>
      tree
        .locator('.jp-Profiler-flameCanvas')
        .evaluate(node => node.clientWidth)
    )
    .toBe(320);
  expect(await tree.evaluate(node => node.scrollWidth)).toBe(320);
  // What is zoomed to is there at once.
  const zoomed = await tree.evaluate(async node => {
    const picture = node.querySelector('.jp-Profiler-flame') as HTMLElement;
    let frames = 0;
    const ask = window.requestAnimationFrame;
    window.requestAnimationFrame = callback => {
      frames++;
      return ask(callback);
    };
    picture.focus();
    for (const key of ['Home', 'ArrowDown', ' ']) {
      picture.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      );
    }
    window.requestAnimationFrame = ask;
    return frames;
  });
  expect(zoomed).toBe(0);
  await expect(
    tree.getByRole('navigation', { name: 'Zoomed to' })
  ).toBeVisible();
  await tree.screenshot({ path: info.outputPath('tree-320.png') });
});

test('a tree of thousands of levels has names in its table, and its colours above the picture', async ({
  page,
  tmpPath
}, info) => {
  const name = 'visit_subtree';
  const tree = await openTree(
    page,
    tmpPath,
    pathsPayload({
      functions: [
        ['main', 'cell_1', 1],
        [name, '/home/ada/model.py', 5]
      ],
      frames: [
        [0, 0, 1e6, 1],
        ...Array.from({ length: 3_000 }, (_, i) => [i + 1, 1, 1e6, 1] as const)
      ]
    })
  );
  await page.sidebar.close('left');
  const table = tree.getByRole('treegrid');
  await table.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('*');
  await expect(line(tree)).toContainText('level 3,001');

  // Rows have their number, and names that can be read.
  const deepest = table.locator('tr.jp-mod-active');
  const level = await deepest.getAttribute('aria-level');
  const shape = () =>
    deepest.evaluate(row => {
      const part = (selector: string) =>
        row.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
      const indent = row.querySelector('.jp-Profiler-indent') as Element;
      const number = getComputedStyle(indent, '::before');
      return {
        indent: part('.jp-Profiler-indent').width,
        name: part('.jp-Profiler-name').width,
        hidden: part('.jp-Profiler-name').right - part('td:last-child').right,
        level: number.content,
        shown: parseFloat(number.width)
      };
    });
  for (const width of [1400, 900, 400]) {
    await page.setViewportSize({ width, height: 800 });
    const { indent, name: seen, hidden, level: told, shown } = await shape();
    expect(told).toBe(`"${level}"`);
    expect(indent).toBeLessThanOrEqual(288);
    // Four digits of at least 5 px.
    expect(shown).toBeGreaterThan(4 * 5);
    // A character is at least 6 px wide.
    expect(seen).toBeGreaterThan(name.length * 6);
    expect(hidden).toBeLessThanOrEqual(0);
    await tree.screenshot({ path: info.outputPath(`deep-${width}.png`) });
  }
  await page.setViewportSize({ width: 1400, height: 800 });

  const colours = (selector: string) =>
    tree
      .locator(selector)
      .first()
      .evaluate(node => {
        const canvas = node as HTMLCanvasElement;
        const data = canvas
          .getContext('2d')
          ?.getImageData(canvas.width >> 1, 0, 1, canvas.height).data;
        return [
          ...new Set(
            Array.from({ length: canvas.height }, (_, y) =>
              [...(data ?? [])].slice(4 * y, 4 * y + 3).join(',')
            )
          )
        ];
      });
  await expect
    .poll(() => colours('.jp-Profiler-minimap canvas'))
    .toHaveLength(3);
  await page.keyboard.press('Home');
  const boxes = await colours('.jp-Profiler-flameCanvas');
  for (const colour of await colours('.jp-Profiler-minimap canvas')) {
    expect(boxes).toContain(colour);
  }
});

test('the picture is saved, and the tree copied as collapsed stacks', async ({
  page,
  tmpPath
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const tree = await openTree(page, tmpPath, SMALL);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    tree.getByRole('button', { name: 'Save as PNG' }).click()
  ]);
  expect(download.suggestedFilename()).toBe('profile-icicle.png');
  const [vectors] = await Promise.all([
    page.waitForEvent('download'),
    tree.getByRole('button', { name: 'Save as SVG' }).click()
  ]);
  expect(vectors.suggestedFilename()).toBe('profile-icicle.svg');
  const names = await page.evaluate(
    text =>
      [
        ...new DOMParser()
          .parseFromString(text, 'image/svg+xml')
          .querySelectorAll('text')
      ].map(node => node.textContent ?? ''),
    readFileSync(await vectors.path(), 'utf8')
  );
  expect(names.sort()).toEqual([
    'dumps',
    'fit',
    'len',
    'load',
    'main',
    'parse'
  ]);
  await tree.getByRole('button', { name: 'Copy as text' }).click();
  await expect(tree.locator('.jp-Profiler-bar').first()).toContainText(
    'The tree is copied'
  );
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    [
      'main 250000000',
      'main;load 200000000',
      'main;load;parse 250000000',
      'main;load;len 50000000',
      'main;fit 125000000',
      'main;fit;dumps 125000000'
    ].join('\n')
  );
});
