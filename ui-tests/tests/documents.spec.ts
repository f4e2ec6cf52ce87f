import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jupyterlab/galata';

import { DATA, front, item, openFile, upload } from './files';
import { rowOf } from './helpers';

/** A file of each kind, and a function that is in it. */
const KINDS: readonly (readonly [name: string, from: string, func: string])[] =
  [
    ['run.prof', 'pstats/mosaic.py3.13.prof', 'readCatalog'],
    ['old.pstats', 'pstats/py2.7.prof', 'fib'],
    ['hot.pp.gz', 'igprof/hot.pp.gz', 'readCatalog(int)'],
    ['callgrind.out.123', 'callgrind/hot.callgrind.out.gz', 'readCatalog(int)'],
    ['stacks.folded', 'collapsed/mosaic.mixed.folded', 'readCatalog'],
    [
      'spy.speedscope.json',
      'speedscope/py-spy-0.4.3.speedscope.json',
      '<module>'
    ],
    ['cpu.pb.gz', 'pprof/go-symbolised.pprof.pb.gz', 'main.main']
  ];

for (const [name, from, func] of KINDS) {
  test(`${name} opens by a double click, with no kernel`, async ({
    page,
    tmpPath
  }) => {
    await upload(page, tmpPath, { [name]: from });
    const shown = await openFile(page, name);
    await expect(shown).toHaveAttribute('data-state', 'ready');
    const search = shown.getByRole('searchbox').first();
    await search.fill(func.split('(')[0]);
    await expect(rowOf(shown, func).first()).toBeVisible();
    const sessions = await page.evaluate(
      () => window.jupyterapp.serviceManager.sessions.running().next().done
    );
    expect(sessions).toBe(true);
  });
}

test('each file is read once, and not begun and given up', async ({
  page,
  tmpPath
}) => {
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/files/')) {
      asked.push(pathname);
    }
  });
  page.on('console', message => {
    if (message.type() === 'error' && /abort/i.test(message.text())) {
      errors.push(message.text());
    }
  });
  // The first one waits for what reads files; the others do not.
  const names = ['a.prof', 'b.prof', 'c.prof'];
  const file = 'pstats/mosaic.py3.13.prof';
  await upload(
    page,
    tmpPath,
    Object.fromEntries(names.map(name => [name, file]))
  );
  for (const name of names) {
    await expect(await openFile(page, name)).toHaveAttribute(
      'data-state',
      'ready'
    );
  }
  expect(asked).toEqual(names.map(name => `/files/${tmpPath}/${name}`));
  expect(errors).toEqual([]);
});

test('names of C++ are for people, by a file of the server, and found by what they are in the file', async ({
  page,
  tmpPath
}) => {
  const fetched: string[] = [];
  page.on('request', request => {
    if (request.url().includes('.wasm')) {
      fetched.push(new URL(request.url()).pathname);
    }
  });
  await upload(page, tmpPath, { 'hot.pp.gz': 'igprof/hot.pp.gz' });
  const shown = await openFile(page, 'hot.pp.gz');
  await expect(shown).toHaveAttribute('data-state', 'ready');
  await expect(shown).toContainText('lin::matmul(');
  await expect(shown).not.toContainText('_ZN');
  const search = shown.getByRole('searchbox').first();
  await search.fill('_ZN3lin6matmul');
  await expect(shown.locator('.jp-Profiler-scroll tbody tr')).toHaveCount(1);
  await expect(shown).toContainText('lin::matmul(');
  expect(fetched).toEqual([
    expect.stringMatching(
      /\/lab\/extensions\/jupyterlab-profiler\/static\/[\w.]+\.wasm$/
    )
  ]);
});

test('where the part that reads names is missing, they stay mangled, and a warning says so', async ({
  page,
  tmpPath
}) => {
  await page.context().route('**/*.wasm*', route => route.abort());
  await upload(page, tmpPath, { 'hot.pp.gz': 'igprof/hot.pp.gz' });
  const shown = await openFile(page, 'hot.pp.gz');
  await expect(shown).toHaveAttribute('data-state', 'ready');
  await expect(rowOf(shown, '_Z11readCatalogi').first()).toBeAttached();
  await expect(shown).toContainText(
    'the part that reads them could not be loaded'
  );
});

test('names with control characters show as text in every view, and are found as they are', async ({
  page,
  tmpPath
}) => {
  const names = ['a\u202eevil', '\t', '\x1b[31mred'];
  const shownAs = ['a\\u202eevil', '\\t', '\\x1b[31mred'];
  const stacks = names.map((name, i) => `main;${name} ${10 * (i + 1)}`);
  const text = Buffer.from(`${stacks.join('\n')}\n`);
  await upload(page, tmpPath, { 'odd.folded': text });
  const shown = await openFile(page, 'odd.folded');
  for (const name of shownAs) {
    await expect(rowOf(shown, name)).toBeVisible();
  }
  for (const view of ['Call tree', 'Square map', 'Callers and callees']) {
    await shown.getByRole('tab', { name: view }).click();
    await expect(shown.getByText(shownAs[2]).first()).toBeVisible();
    expect(await shown.innerText()).not.toMatch(/[\u202e\x1b]/);
  }
  await shown.getByRole('tab', { name: 'Functions' }).click();
  await shown.getByRole('searchbox').first().fill('\u202e');
  const table = shown.locator('.jp-Profiler-functions');
  await expect(rowOf(table, 'main')).toHaveCount(0);
  await expect(rowOf(table, shownAs[0])).toBeVisible();
});

test('source that is not in a profile is that of the file beside it, as it is today', async ({
  page,
  tmpPath
}) => {
  // As `python -m cProfile -o cp.prof s.py` writes it.
  const profile = Buffer.from(
    'eygDAAAAdQQAAABzLnB5aQQAAAB1BAAAAHdvcmsoBQAAAGkBAAAAaQEAAABnAAAAAAAA0D9nAAAAAAAA0D97KAMAAAB1BAAAAHMucHlpAQAAAHUIAAAAPG1vZHVsZT4oBAAAAGkBAAAAaQEAAABnAAAAAAAA0D9nAAAAAAAA0D8wKAMAAAB1BAAAAHMucHlpAQAAAHUIAAAAPG1vZHVsZT4oBQAAAGkBAAAAaQEAAABnAAAAAAAA0D9nAAAAAAAA4D97MDA=',
    'base64'
  );
  const script = 'import sys\n\n\ndef work():\n    return 42\n\n\nwork()\n';
  await upload(page, tmpPath, {
    'cp.prof': profile,
    's.py': Buffer.from(script)
  });
  const shown = await openFile(page, 'cp.prof');
  await rowOf(shown, 'work').first().click();
  await shown.getByRole('tab', { name: 'Square map' }).click();
  await shown.getByRole('tab', { name: 'Source' }).click();
  const panel = shown.locator('.jp-Profiler-mapLists');
  await expect(panel).toContainText('this is the file as it is today');
  await expect(panel.locator('li.jp-mod-here')).toHaveText('def work():');
  await expect(panel.locator('li').last()).toHaveText('    return 42');
  await panel.getByRole('button', { name: 'Go to the code' }).click();
  await expect(
    page
      .locator(
        '.jp-FileEditor .jp-Profiler-flash, .jp-FileEditor .cm-activeLine'
      )
      .first()
  ).toHaveText('def work():');
});

test('content tells what a file is: the other kinds, under a name that says nothing', async ({
  page,
  tmpPath
}) => {
  const kinds = {
    'a.dat': ['perf/hot.perf.script.txt.gz', 'perf'],
    'b.dat': ['gperftools/mosaic.gperf.prof', 'gperftools'],
    'c.dat': ['chrome/viztracer-1.1.1.json', 'viztracer'],
    'd.dat': ['chrome/node.cpuprofile', 'V8'],
    'e.dat': ['pyinstrument/v4.6.2.pyisession', 'pyinstrument'],
    'f.dat': ['pyinstrument/v5.1.3-async.report.json', 'pyinstrument'],
    'g.dat': ['pprof/hot.unsymbolised.pprof.pb.gz', 'pprof'],
    'h.dat': ['igprof/hot.mp.gz', 'igprof'],
    'i.dat': ['lprof/v3.5.1-py3.8.lprof', 'line_profiler'],
    'j.dat': ['pstats/py2.7.profile-module.prof', 'profile']
  } as const;
  await upload(
    page,
    tmpPath,
    Object.fromEntries(
      Object.entries(kinds).map(([name, [from]]) => [name, from])
    )
  );
  for (const [name, [, tool]] of Object.entries(kinds)) {
    await page.filebrowser.open(name, 'Profile');
    const shown = front(page);
    await expect(shown).toHaveAttribute('data-state', 'ready');
    await expect(shown.locator('.jp-Profiler-how summary')).toContainText(
      new RegExp(tool, 'i')
    );
    await page.activity.closeAll();
  }
});

test('lines of a file of line_profiler are shown', async ({
  page,
  tmpPath
}) => {
  await upload(page, tmpPath, { 'demo.lprof': 'lprof/v5.0.2-py3.13.lprof' });
  const shown = await openFile(page, 'demo.lprof');
  await expect(shown).toHaveAttribute('data-state', 'ready');
  await expect(shown.getByRole('tab', { name: 'Lines' })).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await expect(
    shown.locator('.jp-Profiler-lineHead', { hasText: 'Reader.read' })
  ).toBeVisible();
});

test('what is no profile is refused in a sentence, and the tab stays alive', async ({
  page,
  tmpPath
}) => {
  const prof = readFileSync(join(DATA, 'pstats/py3.13.prof'));
  await upload(page, tmpPath, {
    'cut.prof': prof.subarray(0, 1000),
    'empty.prof': Buffer.alloc(0),
    'other.prof': 'packed/bomb.bz2'
  });
  for (const [name, says] of [
    ['cut.prof', / at byte \d+/],
    ['empty.prof', /found an empty file/],
    ['other.prof', /known kind .*found ".+" at byte 0/]
  ] as const) {
    const shown = await openFile(page, name);
    await expect(shown).toHaveAttribute('data-state', 'error');
    await expect(shown.getByRole('alert')).toContainText(
      `${name} cannot be shown as a profile.`
    );
    await expect(shown.getByRole('alert')).toContainText(says);
  }
});

test('a file that changes is read again, with what the reader chose', async ({
  page,
  tmpPath
}) => {
  await upload(page, tmpPath, {
    'changes.folded': Buffer.from('a;b 1\na;c 3')
  });
  const shown = await openFile(page, 'changes.folded');
  await expect(rowOf(shown, 'c')).toBeVisible();
  const percent = shown.locator('button', { hasText: /^%$/ });
  await percent.click();
  await page.contents.uploadContent(
    Buffer.from('a;b 1\na;d 7').toString('base64'),
    'base64',
    `${tmpPath}/changes.folded`
  );
  await expect(rowOf(shown, 'd')).toBeVisible({ timeout: 15_000 });
  await expect(rowOf(shown, 'c')).toHaveCount(0);
  await expect(percent).toHaveAttribute('aria-pressed', 'true');
});

test('several files are added, and the tab is there again after a reload', async ({
  page,
  tmpPath
}) => {
  await upload(page, tmpPath, {
    'one.prof': 'pstats/py3.11.prof',
    'two.prof': 'pstats/py3.13.prof'
  });
  await item(page, 'one.prof').click();
  await item(page, 'two.prof').click({ modifiers: ['Shift'] });
  await item(page, 'two.prof').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open Profiles Together' }).click();
  const shown = front(page);
  await expect(shown).toHaveAttribute('data-state', 'ready');
  const added = JSON.parse(
    readFileSync(join(DATA, 'pstats/py3.11-and-py3.13.added.json'), 'utf8')
  ) as [unknown, number[]][];
  const calls = added.reduce((sum, [, [, all]]) => sum + all, 0);
  await expect(shown.locator('.jp-Profiler-header')).toContainText(
    calls.toLocaleString('en')
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
});

test('other names open by Open With, and reading can be cancelled', async ({
  page,
  tmpPath
}) => {
  await upload(page, tmpPath, { 'run.dat': 'pstats/mosaic.py3.13.prof' });
  await page.evaluate(async path => {
    await window.jupyterapp.commands.execute('docmanager:open', {
      path,
      factory: 'Profile'
    });
  }, `${tmpPath}/run.dat`);
  await expect(front(page)).toHaveAttribute('data-state', 'ready');

  // A download that never ends.
  await page.route('**/files/**/slow.folded*', () => undefined);
  await upload(page, tmpPath, { 'slow.folded': Buffer.from('a;b 1') });
  await item(page, 'slow.folded').dblclick();
  const shown = front(page);
  await shown.getByRole('button', { name: 'Cancel' }).click();
  await expect(shown).toHaveAttribute('data-state', 'cancelled');
  await page.unroute('**/files/**/slow.folded*');
  await shown.getByRole('button', { name: 'Read it again' }).click();
  await expect(shown).toHaveAttribute('data-state', 'ready');
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
  test(`a file looks right in ${theme}`, async ({ page, tmpPath }) => {
    await upload(page, tmpPath, { 'run.prof': 'pstats/mosaic.py3.13.prof' });
    await page.theme.setTheme(theme);
    const shown = await openFile(page, 'run.prof');
    await expect(shown).toHaveAttribute('data-state', 'ready');
    const fits = await shown.evaluate(
      node => node.scrollWidth <= node.clientWidth
    );
    expect(fits).toBe(true);
    await page.screenshot({
      path: test.info().outputPath(`${theme}.png`)
    });
  });
}
