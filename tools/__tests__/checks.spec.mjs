// What the checks of lock files, sizes and ports look for.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { allChunks, fetches } from '../budget.mjs';
import { npmLockProblem, pythonLockProblem } from '../locks.mjs';
import { freePort, isFree, wantedPort } from '../port.mjs';

describe('lock files', () => {
  it('of npm hold no address but that of the workspace', () => {
    const link = { resolved: 'ui-tests', link: true };
    const a = { version: '1.0.0', integrity: 'sha512-x' };
    expect(
      npmLockProblem({
        packages: { 'node_modules/w': link, 'node_modules/a': a }
      })
    ).toBe('');
    const far = { ...a, resolved: 'https://registry.example/a.tgz' };
    expect(npmLockProblem({ packages: { 'node_modules/a': far } })).toContain(
      'node_modules/a holds the address'
    );
  });

  it('of Python pin every version', () => {
    expect(
      pythonLockProblem('# made\na==1.0\nb.c==2; sys_platform == "win32"\n')
    ).toBe('');
    for (const bad of [
      'a>=1',
      'a',
      '--find-links wheels',
      'a @ https://x.example/a.whl',
      '-e .'
    ]) {
      expect(pythonLockProblem(`b==1\n${bad}\n`)).toContain(bad);
    }
  });
});

describe('what a browser fetches', () => {
  const build = files => {
    const folder = mkdtempSync(join(tmpdir(), 'static-'));
    for (const [name, code] of Object.entries(files)) {
      writeFileSync(join(folder, name), code);
    }
    return folder;
  };
  const entry =
    'var t={"./index":()=>n.e(590).then(()=>()=>n(509)),"./extension":()=>Promise.all([n.e(50),n.e(60)]).then(()=>()=>n(329)),' +
    '"./style":()=>n.e("looks").then(()=>()=>n(959))},o=1;' +
    'n.u=e=>""+(({512:"views",657:"charts",99:"vendor",71:"gutter",72:"lines"})[e]||e)+"."+({512:"f"})[e]+".js";' +
    'n.consumesLoadingData={chunkMapping:{50:["7"],75:["8","9"]}}';
  const files = {
    'remoteEntry.a1.js': entry,
    '590.b.js': '',
    '60.i.js': '',
    '50.c.js':
      'Promise.all([t.e(716),t.e(590),t.e(512)]);t.e(13);Promise.all([t.e(75),t.e(71)])',
    'looks.d.js': '',
    '716.e.js': '',
    'views.f.js': 'Promise.all([t.e(99),t.e(657),t.e(716)]);t.e(72);t.e(11)',
    '13.m.js': '',
    'charts.k.js': 't.e(12)',
    'vendor.h.js': '',
    'gutter.o.js': '',
    'lines.p.js': '',
    '11.k.js': '',
    '12.l.js': ''
  };

  it('is listed as a whole, with what loads each part', () => {
    const folder = build({
      ...files,
      'views.f.js': `${files['views.f.js']};new Worker(new URL(t.p+t.u(13),t.b))`
    });
    const found = new Map(allChunks(folder).map(one => [one.name, one]));
    expect(found.size).toBe(Object.keys(files).length);
    expect(found.get('looks').isAtStart).toBe(true);
    expect(found.get('views')).toMatchObject({
      isAtStart: false,
      isWorker: false,
      by: ['50']
    });
    expect(found.get('13')).toMatchObject({
      isWorker: true,
      bytes: 0,
      by: ['50', 'views']
    });
    expect(found.get('12').by).toEqual(['charts']);
  });

  it('is told apart: at the start, for a first result, for a first chart, for lines, later', () => {
    const found = fetches(build(files));
    expect(found.remoteEntry).toEqual(['remoteEntry.a1.js']);
    expect(new Set(found.start)).toEqual(
      new Set([
        'remoteEntry.a1.js',
        '590.b.js',
        '50.c.js',
        '60.i.js',
        'looks.d.js'
      ])
    );
    expect(new Set(found.firstResult)).toEqual(
      new Set(['716.e.js', 'views.f.js'])
    );
    expect(new Set(found.charts)).toEqual(
      new Set(['vendor.h.js', 'charts.k.js'])
    );
    expect(found.gutter).toEqual(['gutter.o.js']);
    expect(found.lines).toEqual(['lines.p.js']);
  });

  it('is refused when the build does not look as expected', () => {
    expect(() => fetches(build({}))).toThrow('0 remoteEntry files');
    expect(() =>
      fetches(build({ ...files, 'remoteEntry.a1.js': 'var t={}' }))
    ).toThrow('has the builder changed?');
    const missing = Object.entries(files).filter(([name]) => name[0] !== 'g');
    expect(() => fetches(build(Object.fromEntries(missing)))).toThrow(
      'chunk 71 has no file'
    );
  });
});

describe('ports', () => {
  it('are read from the options of JupyterLab', () => {
    expect(wantedPort(['--no-browser'])).toBeUndefined();
    expect(wantedPort(['--port=9001'])).toBe(9001);
    expect(wantedPort(['--port', '9002'])).toBe(9002);
    expect(wantedPort(['--ServerApp.port=9003'])).toBe(9003);
    expect(wantedPort(['--ServerApp.port_retries=0'])).toBeUndefined();
  });

  it('are known to be taken', async () => {
    const port = await freePort();
    expect(await isFree(port)).toBe(true);
    const server = createServer();
    await new Promise(done => server.listen(port, '127.0.0.1', done));
    expect(await isFree(port)).toBe(false);
    await new Promise(done => server.close(done));
  });
});
