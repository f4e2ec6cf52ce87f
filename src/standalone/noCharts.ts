import type { IContext } from '../views/context';
import { element } from '../views/dom';
import type { Result } from '../views/result';

/** Stands for the charts in a page that was made without them: their library is the larger part of one with them. */
export class ResultCharts {
  constructor(result: Result, { trans }: IContext) {
    this.node = element('p', {
      className: 'jp-Profiler-note',
      text: trans.__(
        'This page was made without charts: write it with --charts to have them.'
      )
    });
  }

  readonly node: HTMLElement;

  layout(): void {
    // A sentence has no size of its own.
  }

  focus(): void {
    // There is nothing to do here.
  }

  dispose(): void {
    this.node.remove();
  }
}
