// npm run build:report: the pages that Python puts a profile into, one file each. Made of
// what tsc has compiled, with the views that JupyterLab shows, and everything inside.
import './node-version.mjs';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { cache, labextension, root } from './paths.mjs';
import { Stop, isMain, main, say } from './run.mjs';

const require = createRequire(import.meta.url);

/** Bytes of a page at most. */
export const pages = {
  'report.html': { limit: 600_000, charts: false },
  'report-charts.html': { limit: 1_900_000, charts: true }
};

function bundle(charts) {
  const { rspack } = require('@rspack/core');
  const folder = join(cache, 'report');
  const lib = name => join(root, 'lib', name);
  const replaced = {
    [lib('views/lines/editorColours.js')]: lib('standalone/noColours.js'),
    ...(charts
      ? {}
      : { [lib('views/charts/index.js')]: lib('standalone/noCharts.js') })
  };
  const shared = require('../rspack.config.cjs');
  const config = {
    mode: 'production',
    target: ['web', 'es2020'],
    devtool: false,
    entry: lib('standalone/index.js'),
    output: { path: folder, filename: 'report.js', asyncChunks: false },
    performance: { hints: false },
    resolveLoader: shared.resolveLoader,
    module: {
      rules: [
        { test: /\.css$/, use: ['style-loader', 'css-loader'] },
        ...shared.module.rules
      ]
    },
    plugins: Object.entries(replaced).map(
      ([from, to]) =>
        new rspack.NormalModuleReplacementPlugin(
          new RegExp(`^${from.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`),
          to
        )
    )
  };
  return new Promise((resolve, reject) => {
    rspack(config, (error, stats) => {
      if (error ?? stats.hasErrors()) {
        reject(error ?? new Stop(stats.toString('errors-only')));
        return;
      }
      resolve(readFileSync(join(folder, 'report.js'), 'utf8'));
    });
  });
}

/** A page without a profile: its place is marked. */
function page(script) {
  // Nothing in a script element is markup, but what ends it or seems to be a comment.
  const inside = script
    .replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '<\\!--');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:">
<title>Profile</title>
</head>
<body>
<main class="jp-Profiler" data-state="loading"></main>
<!--profile-->
<script>${inside}</script>
</body>
</html>
`;
}

/** Make the pages; one that is too large is an error. */
export async function buildReport() {
  const folder = join(labextension, 'static');
  mkdirSync(folder, { recursive: true });
  for (const [name, { limit, charts }] of Object.entries(pages)) {
    const text = page(await bundle(charts));
    const size = Buffer.byteLength(text);
    if (size > limit) {
      throw new Stop(`${name} has ${size} B, the limit is ${limit} B`);
    }
    writeFileSync(join(folder, name), text);
    say(`${name}: ${size} of ${limit} B`);
  }
  rmSync(join(cache, 'report'), { recursive: true, force: true });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await buildReport();
    return 0;
  });
}
