const { join, sep } = require('node:path');

const ours = join(__dirname, '..', 'style') + sep;

// Makes a module of a style sheet, which puts it into the page.
//
// Stands for css-loader and style-loader, which the builder names: what they add to a
// bundle is 4 kB that every start of JupyterLab would fetch, for imports, addresses and
// updates that no sheet here has.
module.exports = function (source) {
  // Of the two, "style-loader" is the first and runs last.
  if (this.loaderIndex === 0) {
    return source;
  }
  if (!this.resourcePath.startsWith(ours)) {
    return ''; // plotly's sheet for maps, of which none is drawn
  }
  if (/@import|url\(/.test(source)) {
    this.emitError(
      new Error(`${this.resourcePath}: neither @import nor url() is supported`)
    );
  }
  return `const style = document.createElement('style');
style.textContent = ${JSON.stringify(source.trim())};
document.head.append(style);`;
};
