import { MainAreaWidget } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import type { ITranslator } from '@jupyterlab/translation';
import type { Panel, Widget } from '@lumino/widgets';

import { profileIcon } from '../notebook/icon';
import {
  TRANSLATION_DOMAIN,
  type ICodeNavigator,
  type IResultSettings
} from '../tokens';
import { remoteFile } from './download';
import type { Together } from './messages';
import { ProfilePage } from './page';
import { watchFiles } from './watch';

/** What shows files. */
export interface IShower {
  readonly contents: Contents.IManager;
  readonly settings: IResultSettings;
  readonly navigator: ICodeNavigator | null;
  readonly translator: ITranslator;
}

/**
 * Show the file of a document.
 *
 * @param panel - content of its widget
 */
export function showDocument(
  panel: Panel,
  context: DocumentRegistry.Context,
  shower: IShower
): void {
  if (panel.isDisposed) {
    return;
  }
  const { contents } = shower;
  const page = pageOf(
    () => [context.path],
    `file:${context.path}`,
    'sum',
    shower
  );
  panel.addWidget(page);
  const reload = () => {
    // By "Reload from Disk"; not when the context comes to know the file that is read already.
    if (context.isReady) {
      void page.load();
    }
  };
  context.fileChanged.connect(reload);
  const watch = watchFiles(page, [context.path], contents, reload);
  page.disposed.connect(() => {
    watch.dispose();
    context.fileChanged.disconnect(reload);
  });
}

/**
 * Make a tab with several files as one profile: their sum, or the first less the second.
 */
export function showTogether(
  paths: readonly string[],
  together: Together,
  shower: IShower
): MainAreaWidget<Widget> {
  const trans = shower.translator.load(TRANSLATION_DOMAIN);
  const page = pageOf(
    () => paths,
    `${together === 'sum' ? 'files' : 'less'}:${paths.join('\n').slice(0, 1000)}`,
    together,
    shower
  );
  const names = paths.map(path => path.split('/').pop());
  page.title.label =
    together === 'difference'
      ? names.join(' − ')
      : trans._n('%2', '%2 and %1 more', paths.length - 1 || 1, names[0] ?? '');
  page.title.caption =
    together === 'difference'
      ? trans.__('%1 less the baseline %2', ...names.map(name => name ?? ''))
      : names.join('\n');
  page.title.icon = profileIcon;
  page.title.closable = true;
  const watch = watchFiles(
    page,
    paths,
    shower.contents,
    () => void page.load()
  );
  page.disposed.connect(() => watch.dispose());
  return new MainAreaWidget({ content: page });
}

function pageOf(
  paths: () => readonly string[],
  key: string,
  together: Together,
  { contents, settings, navigator, translator }: IShower
): ProfilePage {
  return new ProfilePage({
    files: () => paths().map(path => remoteFile(path, contents)),
    key,
    together,
    settings,
    navigator,
    translator
  });
}
