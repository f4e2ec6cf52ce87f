import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import commands from './plugins/commands';
import documents from './plugins/documents';
import lineCosts from './plugins/lineCosts';
import navigation from './plugins/navigation';
import output from './plugins/output';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  output,
  commands,
  documents,
  lineCosts,
  navigation
];

export default plugins;
