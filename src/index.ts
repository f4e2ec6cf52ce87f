import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import output from './plugins/output';

const plugins: JupyterFrontEndPlugin<unknown>[] = [output];

export default plugins;
