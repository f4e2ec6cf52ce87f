// npm run picture: makes the pictures of docs/images: the result of a cell that runs in a
// real kernel, its call tree, and its lines with those in the margin, in JupyterLab in a real
// Chromium, light and dark.
import './node-version.mjs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { openNotebook, withLab, writeNotebook } from './lab.mjs';
import { root, venv } from './paths.mjs';
import { main, say } from './run.mjs';
import { setUp } from './setup.mjs';

const themes = {
  light: 'JupyterLab Light',
  dark: 'JupyterLab Dark'
};

// A small report whose slow part is not where one would look first.
const report = `import json
import random
import re
import statistics

def lines(days, random=random.Random(7)):
    for day in range(days):
        for _ in range(120):
            yield json.dumps({"day": day, "user": random.choice("abcdef"), "took": f"{random.random() * 90:.2f} ms"})

def milliseconds(text):
    return float(re.fullmatch(r"(\\d+\\.\\d+) ms", text)[1])

def read(days):
    users = {}
    for line in lines(days):
        entry = json.loads(line)
        users.setdefault(entry["user"], []).append(milliseconds(entry["took"]))
    return users

def report(users):
    return {user: round(statistics.stdev(times), 1) for user, times in sorted(users.items())}`;

const cell = `%%cprofile --label "report of a year"
${report}

report(read(365))`;

const lined = `%%lprun
users = read(365)
report(users)`;

/** A cell that is measured line by line, below the one with its functions. */
async function takeLines(browser, { url, rootFolder, name, theme }) {
  const file = `lines-${name}.ipynb`;
  writeNotebook(rootFolder, file, [
    { source: '%load_ext jupyterlab_profiler' },
    { source: report },
    { source: lined }
  ]);
  const context = await browser.newContext({
    viewport: { width: 1200, height: 1500 }
  });
  const page = await openNotebook(context, url, file);
  await page.evaluate(async wanted => {
    const { commands, shell } = window.jupyterapp;
    await commands.execute('apputils:change-theme', { theme: wanted });
    shell.collapseLeft();
    await commands.execute('notebook:run-all-cells');
  }, theme);
  await page.locator('.jp-Profiler-lines tbody tr').first().waitFor();
  await page.locator('.jp-Profiler-cost[role=button]').first().waitFor();
  await page.mouse.move(0, 0);
  await wait(1000);
  const boxOf = index =>
    page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`).boundingBox();
  const [top, bottom] = [await boxOf(1), await boxOf(2)];
  await page.screenshot({
    path: join(root, 'docs/images', `lines-${name}.png`),
    clip: { ...top, height: bottom.y + bottom.height - top.y }
  });
  say(`docs/images/lines-${name}.png`);
  await context.close();
}

await main(async () => {
  await setUp({ compiled: 'require' });
  await withLab(venv, async ({ browser, url, rootFolder }) => {
    for (const [name, theme] of Object.entries(themes)) {
      const file = `${name}.ipynb`;
      writeNotebook(rootFolder, file, [
        { source: '%load_ext jupyterlab_profiler' },
        { source: cell }
      ]);
      const context = await browser.newContext({
        viewport: { width: 1400, height: 1400 }
      });
      const page = await openNotebook(context, url, file);
      await page.evaluate(async wanted => {
        const { commands, shell } = window.jupyterapp;
        await commands.execute('apputils:change-theme', { theme: wanted });
        shell.collapseLeft();
        await commands.execute('notebook:run-all-cells');
      }, theme);
      const result = page.locator('.jp-Profiler[data-state=ready]');
      await result.waitFor();
      await result.locator('tbody tr', { hasText: '(read)' }).first().click();
      // The theme's style sheet, and the row that is under the mouse.
      await page.mouse.move(0, 0);
      await wait(1000);
      const take = async file => {
        await result.screenshot({ path: join(root, 'docs/images', file) });
        say(`docs/images/${file}`);
      };
      await take(`result-${name}.png`);
      await result.getByRole('tab', { name: 'Call tree' }).click();
      await result.locator('.jp-Profiler-flame canvas').first().waitFor();
      await page.mouse.move(0, 0);
      await wait(1000);
      await take(`tree-${name}.png`);
      await context.close();
      await takeLines(browser, { url, rootFolder, name, theme });
    }
  });
  return 0;
});
