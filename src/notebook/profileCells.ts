import type { ISessionContext } from '@jupyterlab/apputils';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Kernel } from '@jupyterlab/services';

import { isCellId } from './arming';
import { KernelGoneError, KernelLink } from './kernelLink';
import { Notices } from './notices';

/** Names that kernels for Python have for their language. */
const PYTHON = /^i?python\d*$/i;

/**
 * Profile code cells of a notebook: arm the kernel for them, and run them as JupyterLab does. Their text stays as it is.
 * What goes wrong is told in a notification.
 *
 * @param ids - of the cells
 * @param line - what kind of profile, as `magicLine` makes it; without it, of functions
 * @param isAgain - whether it is this kind, whatever the cells' own lines say
 * @returns when the cells have run, or nothing is going to. It never rejects
 */
export async function profileCells(
  panel: NotebookPanel,
  ids: readonly string[],
  trans: IRenderMime.TranslationBundle,
  line?: string,
  isAgain = false
): Promise<void> {
  const notices = new Notices(trans);
  if (!ids.every(isCellId)) {
    notices.badId();
    return;
  }
  try {
    const kernel = await notices.whileWaiting(kernelOf(panel.sessionContext));
    if (!kernel) {
      notices.noKernel();
      return;
    }
    await profile(kernel, { ids, line, isAgain, panel, notices });
  } catch (reason) {
    if (panel.isDisposed) {
      return;
    }
    if (reason instanceof KernelGoneError) {
      notices.gone();
    } else {
      notices.broken(reason);
    }
  }
}

/** One press of the button. */
interface IRun {
  readonly ids: readonly string[];
  readonly line: string | undefined;
  readonly isAgain: boolean;
  readonly panel: NotebookPanel;
  readonly notices: Notices;
}

/** The kernel, when it has been chosen and started; null if there is none. */
async function kernelOf(
  session: ISessionContext
): Promise<Kernel.IKernelConnection | null> {
  await session.ready;
  return session.session?.kernel ?? null;
}

async function profile(
  kernel: Kernel.IKernelConnection,
  run: IRun
): Promise<void> {
  const link = KernelLink.of(kernel);
  try {
    const started = await link.inTurn(async () =>
      (await armed(link, run)) ? { running: start(run) } : null
    );
    await started?.running;
  } finally {
    // A run that was dropped, or never began, leaves nothing armed.
    link.disarm(run, run.ids);
  }
}

/**
 * Arm the cells. The kernel takes the order in its turn, behind cells that run or wait: that is the state in which the
 * cells will run. The first answer of a kernel is waited for, so that no cell runs where it cannot be profiled. Later
 * ones are not: the cells get their place in the queue at once.
 */
async function armed(link: KernelLink, run: IRun): Promise<boolean> {
  const { ids, line, isAgain, notices } = run;
  if (link.isKnown) {
    link.arm(run, ids, line, isAgain).then(
      answer => notices.answer(answer),
      () => {
        // The kernel is gone; the cells, which are behind it, learn that too.
      }
    );
    return true;
  }
  const language = await notices.whileWaiting(link.language());
  if (!PYTHON.test(language)) {
    notices.notPython(language);
    return false;
  }
  const answer = await notices.whileWaiting(link.arm(run, ids, line, isAgain));
  notices.answer(answer);
  return answer.kind === 'done';
}

/**
 * Run the cells as JupyterLab's own command would, whatever is selected by now.
 */
async function start(run: IRun): Promise<void> {
  const { ids, panel } = run;
  if (panel.isDisposed) {
    return;
  }
  const notebook = panel.content;
  // Looked for again: a cell that was moved is another widget.
  const cells = notebook.widgets.filter(
    cell => cell.model.type === 'code' && ids.includes(cell.model.id)
  );
  // Running takes a notebook to command mode. Not a reader who went on to write while the kernel was busy.
  const elsewhere =
    notebook.mode === 'edit' &&
    !ids.includes(notebook.activeCell?.model.id ?? '');
  const running = NotebookActions.runCells(
    notebook,
    cells,
    panel.sessionContext
  );
  if (elsewhere) {
    notebook.mode = 'edit';
  }
  await running;
}
