const { join } = require('node:path');

// What the builder of JupyterLab's extensions does not do by itself: style sheets without
// comments and blanks, since a server sends them as they are, and with no more code than
// they need.
const loader = join(__dirname, 'tools', 'styleLoader.cjs');

module.exports = {
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
