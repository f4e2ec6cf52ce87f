// The pages with the viewers: bundled as the product is, out of JupyterLab.
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { root } from '../../tools/paths.mjs';
import { Stop } from '../../tools/run.mjs';

const here = join(root, 'benchmarks/viewers');

/** Write `ours.js` and `d3.js` into a folder. `peers` is where the viewers of others are installed. */
export async function bundleViewers(folder, peers) {
  const { rspack } = createRequire(
    createRequire(join(root, 'package.json')).resolve(
      '@jupyter/builder/package.json'
    )
  )('@rspack/core');
  const compiler = rspack({
    mode: 'production',
    context: root,
    devtool: false,
    entry: { ours: join(here, 'ours.mjs'), d3: join(here, 'd3.mjs') },
    output: { path: folder, filename: '[name].js' },
    performance: false,
    resolve: {
      modules: [join(root, 'node_modules'), join(peers, 'node_modules')]
    },
    module: {
      rules: [
        // lib/ and packages leave out endings.
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
        { test: /\.css$/, use: ['style-loader', 'css-loader'] }
      ]
    },
    resolveLoader: { modules: [join(root, 'node_modules')] }
  });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result)))
  );
  await new Promise(done => compiler.close(done));
  if (stats.hasErrors()) {
    throw new Stop(
      `${stats.toString({ all: false, errors: true })}\n\nThe pages with the viewers could not be bundled.`
    );
  }
}
