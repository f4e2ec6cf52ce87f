import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

import type { Answer } from './arming';

/** Milliseconds that a notice about something that needs no action stays. */
const SHORT = 6000;

/** Milliseconds after which a reader wonders whether anything happens. */
const PATIENCE = 1000;

const INSTALL = '%pip install jupyterlab-profiler';
const UPGRADE = '%pip install --upgrade jupyterlab-profiler';

/**
 * What the commands tell, in notifications. JupyterLab cuts these at 140 characters.
 */
export class Notices {
  constructor(trans: IRenderMime.TranslationBundle) {
    this._trans = trans;
  }

  /** There is no kernel to run anything. */
  noKernel(): void {
    this._tell(
      'warning',
      this._trans.__(
        'This notebook has no kernel: choose one with Kernel > Change Kernel, then profile again.'
      )
    );
  }

  /** The kernel runs another language. */
  notPython(language: string): void {
    this._tell(
      'warning',
      language === ''
        ? this._trans.__('Profiling needs a Python kernel.')
        : this._trans.__(
            "Profiling needs a Python kernel; this notebook's is %1.",
            language
          )
    );
  }

  /** A cell has an id that is not sent to a kernel. */
  badId(): void {
    this._tell(
      'error',
      this._trans.__(
        'Not profiled: the id of a selected cell is not valid (only letters, digits, - and _). Copy it to a new cell.'
      )
    );
  }

  /** The kernel is not the one any more that was asked. */
  gone(): void {
    this._tell(
      'warning',
      this._trans.__(
        'Not profiled: the kernel restarted or ended, or was not connected.'
      )
    );
  }

  /** Something went wrong that nobody thought of. */
  broken(reason: unknown): void {
    console.error('The selected cells were not profiled.', reason);
    this._tell(
      'error',
      this._trans.__(
        'Not profiled: something went wrong. The browser console has the details.'
      )
    );
  }

  /** What became of the order to the kernel part, where the reader should know. */
  answer(answer: Answer): void {
    switch (answer.kind) {
      case 'done':
        if (answer.loaded) {
          this._tell(
            'info',
            this._trans.__(
              'The profiler is loaded: %1 and %2 work in this notebook, too, until the kernel restarts.',
              '%cprofile',
              '%%cprofile'
            )
          );
        }
        return;
      case 'missing':
        this._command(
          INSTALL,
          this._trans.__(
            "The profiler is not installed in this notebook's kernel. Run this in a cell, then profile again: %1",
            INSTALL
          )
        );
        return;
      case 'old':
        this._command(
          UPGRADE,
          this._trans.__(
            "This kernel's profiler is too old. Run this in a cell, then restart the kernel: %1",
            UPGRADE
          )
        );
        return;
      case 'dropped':
        this._tell(
          'warning',
          this._trans.__(
            'Not profiled: a cell that ran before failed, and the kernel dropped what waited behind it.'
          )
        );
        return;
      case 'failed':
        this._tell(
          'error',
          answer.reason === ''
            ? this._trans.__('The kernel cannot profile, and gave no reason.')
            : this._trans.__('The kernel cannot profile: %1', answer.reason)
        );
    }
  }

  /**
   * Wait for the kernel; say so when it takes long.
   */
  async whileWaiting<T>(promise: Promise<T>): Promise<T> {
    let id: string | null = null;
    const timer = setTimeout(() => {
      id = Notification.emit(
        this._trans.__('Waiting for the kernel to profile …'),
        'in-progress',
        { autoClose: false }
      );
    }, PATIENCE);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      if (id !== null) {
        Notification.dismiss(id);
      }
    }
  }

  private _command(command: string, message: string): void {
    this._tell('error', message, {
      autoClose: false,
      actions: [
        {
          label: this._trans.__('Copy the command'),
          caption: this._trans.__('Copy %1 to the clipboard', command),
          callback: () => Clipboard.copyToSystem(command)
        }
      ]
    });
  }

  /**
   * Show a text. One that is there already gives way: the same is never shown twice.
   */
  private _tell(
    type: 'info' | 'warning' | 'error',
    message: string,
    options: { autoClose: number | false; actions?: Notification.IAction[] } = {
      autoClose: type === 'error' ? false : SHORT
    }
  ): void {
    Notification.manager.notifications
      .filter(other => other.message === message)
      .forEach(other => Notification.dismiss(other.id));
    Notification.emit(message, type, options);
  }

  private readonly _trans: IRenderMime.TranslationBundle;
}
