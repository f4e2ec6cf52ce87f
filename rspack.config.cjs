// What the builder of JupyterLab's extensions does not do by itself: style sheets without
// comments and blanks, since a server sends them as they are.
module.exports = {
  module: {
    rules: [
      {
        test: /\.css$/,
        include: [require('node:path').join(__dirname, 'style')],
        enforce: 'pre',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true }
      }
    ]
  }
};
