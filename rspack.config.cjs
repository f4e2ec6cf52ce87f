const { join } = require('node:path');

// What the builder of JupyterLab's extensions does not do by itself: style sheets without
// comments and blanks, since a server sends them as they are, and with no more code than
// they need.
const loader = join(__dirname, 'tools', 'styleLoader.cjs');

module.exports = {
  // The remote entry names each chunk with its hash, twice. What is served is asked for with
  // it, so that it is kept for ever: 32 bits tell one build from the next.
  output: {
    hashDigestLength: 8,
    assetModuleFilename: '[name].[contenthash][ext]?v=[contenthash]'
  },
  // A module that two chunks need is in both. Else what reads files in a worker would tear
  // the views into pieces, which every first result would have to fetch. Only what call tree
  // and square map share is by itself: it is much, and who opens one opens the other.
  optimization: {
    splitChunks: {
      cacheGroups: {
        default: false,
        boxes: {
          chunks: ({ name }) => name === 'tree' || name === 'map',
          minChunks: 2,
          name: 'boxes'
        }
      }
    }
  },
  resolveLoader: {
    alias: { 'css-loader': loader, 'style-loader': loader }
  },
  module: {
    rules: [
      {
        test: /\.css$/,
        include: [join(__dirname, 'style')],
        enforce: 'pre',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true }
      }
    ]
  }
};
