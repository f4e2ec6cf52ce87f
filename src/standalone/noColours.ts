/** Stands for JupyterLab's own colours of source, which are not here: the text is plain. */
export function editorColours(): Promise<null> {
  return Promise.resolve(null);
}
