import {
  accountOf,
  type IAccount,
  type IAccountEntry
} from '../../profile/account';
import { NONE, type FuncIndex } from '../../profile/indices';
import type { IViewState } from '../../profile/viewState';
import { track } from '../bar';
import { copyText } from '../clipboard';
import type { IContext } from '../context';
import { button, clipped, element } from '../dom';
import {
  functionLink,
  functionName,
  languageBadge,
  placeTitle,
  shortPlace
} from '../functionName';
import type { ILazyView } from '../lazyPanel';
import type { Result } from '../result';
import { Visited } from './visited';

/** Callers and callees that are shown at first. */
const FEW = 100;

/** Parts of the page with rows of their own. */
type Part = 'callers' | 'callees';

/**
 * One function between its callers and its callees, every name a link to its page, as igprof-navigator showed it.
 *
 * It is about the selected function. Back and Forward lead through those that were seen here.
 */
export class CallsView implements ILazyView {
  /**
   * @param _onOpen - the reader wants to see the code of a function
   * @param _address - one that leads to a function, by its key
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _onOpen: (func: FuncIndex) => void,
    private readonly _address?: (func: string) => string
  ) {
    const { trans } = _context;
    this._back = button('◀', () => this._go(-1), {
      title: trans.__('Back (Alt+Left)'),
      attributes: {
        'aria-label': trans.__('Back'),
        'aria-keyshortcuts': 'Alt+ArrowLeft'
      }
    });
    this._forward = button('▶', () => this._go(1), {
      title: trans.__('Forward (Alt+Right)'),
      attributes: {
        'aria-label': trans.__('Forward'),
        'aria-keyshortcuts': 'Alt+ArrowRight'
      }
    });
    this._said = element('span', { attributes: { role: 'status' } });
    this._page = element('div', { className: 'jp-Profiler-calledPage' });
    this.node = element('div', { className: 'jp-Profiler-callsView' }, [
      element('div', { className: 'jp-Profiler-bar' }, [
        this._back,
        this._forward,
        ...(_address
          ? [
              button(trans.__('Copy link'), () => void this._copy(_address), {
                title: trans.__(
                  'Copy an address that opens this profile at this function'
                )
              })
            ]
          : []),
        this._said
      ]),
      this._page
    ]);
    this.node.addEventListener('keydown', this._onKeyDown);
    this._show();
  }

  readonly node: HTMLElement;

  layout(): void {
    // Tables fit by themselves.
  }

  refreshTheme(): void {
    // Style sheets do that.
  }

  onChange(before: IViewState): void {
    const { state } = this._result;
    if (
      before.selection !== state.selection ||
      before.percent !== state.percent
    ) {
      this._show();
    }
  }

  focus(): void {
    this._head?.focus({ preventScroll: true });
  }

  dispose(): void {
    this.node.remove();
  }

  private _show(): void {
    const { trans } = this._context;
    const func = this._result.selection().at(-1);
    const account =
      func === undefined ? null : accountOf(this._result.graph, func);
    const hadFocus = this._page.contains(document.activeElement);
    if (func !== this._func) {
      this._func = func;
      this._whole.clear();
      this._said.textContent = '';
    }
    if (func !== undefined && account) {
      this._visited.visit(this._result.keys.keyOf(func));
    }
    this._back.disabled = !this._visited.can(-1);
    this._forward.disabled = !this._visited.can(1);
    this._head = account ? this._heading(account) : null;
    this._page.replaceChildren(
      ...(account && this._head
        ? [
            this._table('callers', account),
            this._middle(account, this._head),
            this._table('callees', account)
          ]
        : [
            element('p', {
              className: 'jp-Profiler-note',
              text: trans.__(
                'Select a function to see its callers and callees.'
              )
            })
          ])
    );
    // Who follows a link goes on at the function that it leads to.
    if (hadFocus) {
      this.focus();
    }
  }

  private _heading({ function: func }: IAccount): HTMLElement {
    const { trans } = this._context;
    const { profile } = this._result;
    return element(
      'h3',
      {
        title: clipped(placeTitle(profile, func, trans)),
        attributes: { tabindex: '-1' }
      },
      [
        element('span', { text: clipped(functionName(profile, func, trans)) }),
        languageBadge(profile, func, trans) ?? ''
      ]
    );
  }

  /** The function itself: what it took, and where it stands. */
  private _middle(account: IAccount, head: HTMLElement): HTMLElement {
    const { trans, numbers } = this._context;
    const { profile, rows, labels } = this._result;
    const { function: func, row, self, total } = account;
    const place = clipped(shortPlace(profile, func, labels));
    const object = profile.functions.object[func];
    const facts: (readonly [string, string])[] = [
      [trans.__('total'), this._amountAndShare(total)],
      [trans.__('self'), this._amountAndShare(self)],
      [trans.__('calls'), numbers.count(rows.calls[row])],
      [trans.__('place'), place],
      [
        trans.__('library'),
        object === NONE ? '' : clipped(profile.objects.path[object])
      ]
    ];
    return element(
      'section',
      {
        className: 'jp-Profiler-called',
        attributes: { 'aria-label': trans.__('Function') }
      },
      [
        head,
        element(
          'dl',
          {},
          facts.flatMap(([term, fact]) =>
            fact
              ? [element('dt', { text: term }), element('dd', { text: fact })]
              : []
          )
        ),
        track([
          this._result.share(self),
          Math.max(0, this._result.share(total) - this._result.share(self))
        ]),
        ...(place
          ? [button(trans.__('Go to the code'), () => this._onOpen(func))]
          : [])
      ]
    );
  }

  private _table(part: Part, account: IAccount): HTMLElement {
    const { trans, numbers } = this._context;
    const isCallers = part === 'callers';
    const title = isCallers ? trans.__('Callers') : trans.__('Callees');
    const entries = account[part];
    const shown = this._whole.has(part) ? entries : entries.slice(0, FEW);
    const heads = [
      trans.__('share'),
      isCallers ? trans.__('of it') : trans.__('takes'),
      trans.__('its self'),
      trans.__('its total'),
      trans.__('function')
    ];
    const rest = entries.length - shown.length;
    return element(
      'section',
      {
        className: `jp-Profiler-part jp-mod-${part}`,
        attributes: { 'aria-label': title }
      },
      [
        element('table', { attributes: { 'aria-label': title } }, [
          element('caption', {
            text: trans.__('%1 (%2)', title, numbers.count(entries.length))
          }),
          element('thead', {}, [
            element(
              'tr',
              {},
              heads.map(text =>
                element('th', { text, attributes: { scope: 'col' } })
              )
            )
          ]),
          element('tbody', {}, [
            ...shown.map(entry => this._row(entry, account)),
            ...(isCallers ? [] : this._own(account))
          ])
        ]),
        ...(entries.length === 0
          ? [
              element('p', {
                text: isCallers
                  ? trans.__('Nothing in the profile called it.')
                  : trans.__('It called nothing that the profile knows of.')
              })
            ]
          : []),
        ...(rest > 0
          ? [
              button(trans.__('Show %1 more', numbers.count(rest)), () => {
                this._whole.add(part);
                this._show();
              })
            ]
          : [])
      ]
    );
  }

  private _row(
    { function: func, value }: IAccountEntry,
    { total }: IAccount
  ): HTMLElement {
    const { trans } = this._context;
    const { graph, rows } = this._result;
    const row = func === NONE ? NONE : graph.rowOf(func);
    const amount = (column: Float64Array) =>
      row === NONE ? '' : this._amount(column[row]);
    return this._line(value, total, [
      amount(rows.self),
      amount(rows.total),
      func === NONE ? trans.__('outside of the profile') : this._link(func)
    ]);
  }

  /** A name that leads to its function: here, or where its address is opened. */
  private _link(func: FuncIndex): HTMLElement {
    const { profile, keys } = this._result;
    const go = () => this._result.select([func]);
    const link = functionLink(profile, func, this._context.trans, go);
    if (!this._address) {
      return link;
    }
    const anchor = element(
      'a',
      {
        className: link.className,
        title: link.title,
        attributes: { href: this._address(keys.keyOf(func)) }
      },
      [...link.childNodes]
    );
    anchor.addEventListener('click', event => {
      // With one of these, the browser opens it elsewhere.
      if (!(event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        go();
      }
    });
    return anchor;
  }

  /** What the function took itself, and what no part accounts for. */
  private _own({ self, rest, total, gap }: IAccount): HTMLElement[] {
    const { trans } = this._context;
    return [
      this._line(self, total, ['', '', trans.__('own code')]),
      ...(gap && Number.isFinite(rest) && rest !== 0
        ? [this._line(rest, total, ['', '', trans.__('not accounted for')])]
        : [])
    ];
  }

  private _line(
    value: number,
    total: number,
    more: readonly (string | Node)[]
  ): HTMLElement {
    const { numbers } = this._context;
    const share = total > 0 ? numbers.percent(value / total) : '';
    return element('tr', {}, [
      ...[share, this._amount(value)].map(text => element('td', { text })),
      ...more.map((part, i) =>
        i === more.length - 1
          ? element('th', { attributes: { scope: 'row' } }, [part])
          : element('td', {}, [part])
      )
    ]);
  }

  private _amount(value: number): string {
    return this._context.numbers.text(
      value,
      this._result.rows.metric?.unit ?? ''
    );
  }

  private _amountAndShare(value: number): string {
    const { trans, numbers } = this._context;
    const share = this._result.share(value);
    return Number.isNaN(share)
      ? this._amount(value)
      : trans.__('%1, %2', this._amount(value), numbers.percent(share));
  }

  /** Back or forward among the functions that were seen and are still there. */
  private _go(step: -1 | 1): void {
    const { keys } = this._result;
    for (
      let key = this._visited.go(step);
      key !== null;
      key = this._visited.go(step)
    ) {
      const func = keys.find(key);
      if (func !== NONE) {
        this._result.select([func]);
        break;
      }
    }
    // A button that has nowhere to lead loses the focus.
    const { activeElement } = document;
    if (!activeElement || activeElement === document.body) {
      this.focus();
    }
  }

  private async _copy(link: (func: string) => string): Promise<void> {
    const { trans } = this._context;
    if (this._func === undefined) {
      return;
    }
    const isDone = await copyText(link(this._result.keys.keyOf(this._func)));
    this._said.textContent = isDone
      ? trans.__('Copied: it opens this profile at this function.')
      : trans.__('The browser did not allow to copy.');
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as
      -1 | 1 | undefined;
    const isAlone = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (step && event.altKey && isAlone) {
      event.preventDefault();
      event.stopPropagation();
      this._go(step);
    }
  };

  private readonly _back: HTMLButtonElement;
  private readonly _forward: HTMLButtonElement;
  private readonly _said: HTMLElement;
  private readonly _page: HTMLElement;
  private readonly _visited = new Visited();
  /** Parts that are shown whole. */
  private readonly _whole = new Set<Part>();
  private _head: HTMLElement | null = null;
  private _func: FuncIndex | undefined;
}
