import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification, WidgetTracker } from '@jupyterlab/apputils';
import {
  ABCWidgetFactory,
  DocumentWidget,
  TextModelFactory,
  type DocumentRegistry,
  type IDocumentWidget
} from '@jupyterlab/docregistry';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Panel, type Widget } from '@lumino/widgets';

import type { IShower } from '../documents';
import { profileIcon } from '../notebook/icon';
import {
  COMPARE_COMMAND,
  DOCUMENTS_PLUGIN_ID,
  ICodeNavigator,
  IResultSettings,
  OPEN_TOGETHER_COMMAND,
  TRANSLATION_DOMAIN
} from '../tokens';

/** Name of the viewer, as stored in layouts. */
const VIEWER = 'Profile';

/** Name of the model, which fetches nothing: the viewer does. Trackers keep their tabs under it, and end names at a colon. */
const MODEL = 'jupyterlab-profiler-file';

/** Names that tell that a file is a profile. */
const ENDINGS = [
  '.prof',
  '.pstats',
  '.lprof',
  '.speedscope.json',
  '.collapsed',
  '.folded',
  '.pb.gz',
  '.cpuprofile',
  '.pyisession'
];

/** Those of callgrind and igprof. */
const PATTERN =
  '^(callgrind\\.out.*|.+\\.callgrind\\.out.*|igprof\\..+|.+\\.[pme]p(\\.gz|\\.bz2)?|.+\\.fd\\.gz)$';

/** Names that a profile may have, as other files do. */
const OTHER_ENDINGS = ['.dat', '.gz', '.bz2', '.out', '.perf'];

/** Of a tab with several files; kept with the layout. */
interface ITogetherArgs {
  readonly paths: string[];
  readonly isDifference: boolean;
}

class ModelFactory extends TextModelFactory {
  override get name(): string {
    return MODEL;
  }

  override get fileFormat(): 'text' {
    // JupyterLab's contexts ask for no content where there is no format; only the type does not say so.
    return null as unknown as 'text';
  }
}

class ViewerFactory extends ABCWidgetFactory<IDocumentWidget<Panel>> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<IDocumentWidget<Panel>>,
    private readonly _show: (
      content: Panel,
      context: DocumentRegistry.Context
    ) => void
  ) {
    super(options);
  }

  protected createNewWidget(
    context: DocumentRegistry.Context
  ): IDocumentWidget<Panel> {
    const content = new Panel();
    this._show(content, context);
    return new DocumentWidget({ content, context });
  }
}

/**
 * Opens profile files. What reads and shows them comes in a chunk of its own.
 */
const documents: JupyterFrontEndPlugin<void> = {
  id: DOCUMENTS_PLUGIN_ID,
  description: 'Opens profile files.',
  autoStart: true,
  requires: [IResultSettings],
  optional: [ICodeNavigator, ITranslator, ILayoutRestorer, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    settings: IResultSettings,
    navigator: ICodeNavigator | null,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    browser: IDefaultFileBrowser | null
  ) => {
    const { docRegistry, serviceManager, commands, shell } = app;
    translator ??= nullTranslator;
    const trans = translator.load(TRANSLATION_DOMAIN);
    const shower: IShower = {
      contents: serviceManager.contents,
      settings,
      navigator,
      translator
    };
    const load = () => import('../documents');
    const notLoaded = trans.__(
      'A part of jupyterlab-profiler did not load. Check the connection to the server and reload the page.'
    );
    const type = {
      icon: profileIcon,
      contentType: 'file',
      fileFormat: 'base64'
    } as const;
    docRegistry.addFileType({
      ...type,
      name: 'profile',
      displayName: trans.__('Profile'),
      extensions: ENDINGS,
      pattern: PATTERN
    });
    docRegistry.addFileType({
      ...type,
      name: 'profile-maybe',
      icon: undefined,
      extensions: OTHER_ENDINGS
    });
    docRegistry.addModelFactory(new ModelFactory(false));
    const factory = new ViewerFactory(
      {
        name: VIEWER,
        label: trans.__('Profile'),
        modelName: MODEL,
        fileTypes: ['profile', 'profile-maybe', 'json', 'text'],
        defaultFor: ['profile'],
        readOnly: true,
        translator
      },
      (content, context) =>
        load().then(
          ({ showDocument }) => showDocument(content, context, shower),
          () => (content.node.textContent = notLoaded)
        )
    );
    docRegistry.addWidgetFactory(factory);
    const documents = new WidgetTracker<IDocumentWidget>({ namespace: MODEL });
    factory.widgetCreated.connect((_, widget) => {
      widget.title.icon = profileIcon;
      void documents.add(widget);
      widget.context.pathChanged.connect(() => void documents.save(widget));
    });
    void restorer?.restore(documents, {
      command: 'docmanager:open',
      args: ({ context }) => ({ path: context.path, factory: VIEWER }),
      name: ({ context }) => context.path
    });

    const sums = new WidgetTracker({ namespace: `${MODEL}s` });
    const argsOf = new WeakMap<Widget, ITogetherArgs>();
    const describedBy = {
      args: {
        type: 'object',
        properties: {
          paths: {
            type: 'array',
            items: { type: 'string' },
            description: trans.__('Files; those selected if missing')
          },
          isDifference: {
            type: 'boolean',
            description: trans.__('The first less the second, not the sum')
          }
        }
      }
    } as const;
    commands.addCommand(OPEN_TOGETHER_COMMAND, {
      label: trans.__('Open Profiles Together'),
      caption: trans.__('Add the selected profile files, and show the sum'),
      icon: profileIcon,
      isVisible: args => selected(args).length > 1,
      describedBy,
      execute: async args => {
        const paths = selected(args);
        const isDifference = args.isDifference === true;
        try {
          const { showTogether } = await load();
          const widget = showTogether(
            paths,
            isDifference ? 'difference' : 'sum',
            shower
          );
          argsOf.set(widget, { paths, isDifference });
          await sums.add(widget);
          shell.add(widget, 'main');
          shell.activateById(widget.id);
        } catch {
          Notification.error(notLoaded);
        }
      }
    });
    commands.addCommand(COMPARE_COMMAND, {
      label: trans.__('Compare with Baseline'),
      caption: trans.__(
        'Show the later one of two profile files less the earlier one'
      ),
      icon: profileIcon,
      isVisible: args => selected(args).length === 2,
      describedBy,
      execute: args =>
        commands.execute(OPEN_TOGETHER_COMMAND, {
          paths: selected(args, true),
          isDifference: true
        })
    });
    /** What a command is about; the latest file first where that is asked for. */
    const selected = (
      { paths }: { paths?: unknown },
      isByTime = false
    ): string[] => {
      if (Array.isArray(paths)) {
        return paths.filter(path => typeof path === 'string');
      }
      const items = [...(browser?.selectedItems() ?? [])].filter(
        item => item.type !== 'directory'
      );
      if (isByTime) {
        items.sort(
          (a, b) => Date.parse(b.last_modified) - Date.parse(a.last_modified)
        );
      }
      return items.map(({ path }) => path);
    };
    void restorer?.restore(sums, {
      command: OPEN_TOGETHER_COMMAND,
      args: widget => ({ ...argsOf.get(widget) }),
      name: widget => Object.values(argsOf.get(widget) ?? {}).join('\n')
    });
  }
};

export default documents;
