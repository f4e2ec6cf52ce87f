import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import commands from './plugins/commands';
import navigation from './plugins/navigation';
import output from './plugins/output';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  output,
  commands,
  navigation
];

export default plugins;
