import {
  accountOf,
  type IAccount,
  type IAccountEntry
} from '../profile/account';
import { NONE, type FuncIndex } from '../profile/indices';
import { track } from './bar';
import type { IContext } from './context';
import { button, clipped, element } from './dom';
import {
  functionLink,
  functionName,
  languageBadge,
  placeTitle,
  shortPlace
} from './functionName';
import { loadLater } from './loadLater';
import type { Later, Result } from './result';

/** Callees and callers that are shown at first. */
const FEW = 8;

/** Lists of an account. */
type ListName = 'callees' | 'callers';

/**
 * The account of the selected function: where its time went, whether that adds up, who called it, and what it would
 * save to make it faster.
 */
export class AccountPanel {
  /**
   * @param onOpen - the reader wants to see the code of a function, or its lines
   */
  constructor(
    private readonly _result: Result,
    private readonly _context: IContext,
    private readonly _onOpen: (func: FuncIndex, isForLines?: boolean) => void
  ) {
    this.node = element('section', {
      className: 'jp-Profiler-account',
      attributes: { 'aria-label': _context.trans.__('Account') }
    });
  }

  readonly node: HTMLElement;

  /**
   * Show the account of what is selected now.
   */
  refresh(): void {
    const { trans } = this._context;
    const selection = this._result.selection();
    const func = selection.at(-1);
    const account =
      func === undefined ? null : accountOf(this._result.graph, func);
    if (!account) {
      this._shown = null;
      this.node.replaceChildren(
        element('p', {
          className: 'jp-Profiler-note',
          text: trans.__('Select a function to see its account.')
        })
      );
      return;
    }
    if (this._shown !== func) {
      this._shown = account.function;
      this._open.clear();
    }
    const focus = this._focusedKey();
    this.node.replaceChildren(
      this._head(account),
      ...(selection.length > 1
        ? this._later(later => [
            later.selectionSummary(this._result, selection, this._context)
          ])
        : []),
      this._parts(account),
      this._callers(account),
      ...this._later(later =>
        later.whatIf(this._result, account, selection, this._context)
      )
    );
    this._restoreFocus(focus);
  }

  /** What is drawn by a part that is loaded later: as soon as it is there. */
  private _later<N extends Node>(draw: (later: Later) => N[]): N[] {
    const { later } = this._result;
    if (later) {
      return draw(later);
    }
    this._loading ??= loadLater().then(
      loaded => {
        this._result.useLater(loaded);
        this.refresh();
      },
      () => {
        this._loading = null;
      }
    );
    return [];
  }

  private _head({ function: func, row, total }: IAccount): HTMLElement {
    const { trans, numbers } = this._context;
    const { profile, rows, labels } = this._result;
    const place = clipped(shortPlace(profile, func, labels));
    const calls = rows.calls[row];
    const share = this._result.share(total);
    const facts = [
      place,
      Number.isNaN(calls)
        ? ''
        : trans._n('%2 call', '%2 calls', calls, numbers.count(calls)),
      Number.isNaN(total) ? '' : trans.__('%1 in all', this._amount(total)),
      Number.isNaN(share)
        ? ''
        : trans.__('%1 of the whole', numbers.percent(share))
    ].filter(fact => fact);
    return element('div', { className: 'jp-Profiler-who' }, [
      element('h3', {
        text: clipped(functionName(profile, func, trans)),
        title: clipped(placeTitle(profile, func, trans))
      }),
      languageBadge(profile, func, trans) ?? '',
      ...(place ? [this._code(func)] : []),
      ...this._lines(func),
      ...(this._result.profileNatively
        ? this._later(later =>
            later.nativeButton(this._result, func, this._context)
          )
        : []),
      element('p', { text: facts.join(' · ') })
    ]);
  }

  private _code(func: FuncIndex): HTMLElement {
    const { trans } = this._context;
    return this._button(trans.__('Go to the code'), 'code', () =>
      this._onOpen(func)
    );
  }

  /** Leads to the lines of the selected function, or has them measured. */
  private _lines(func: FuncIndex): Node[] {
    const { trans } = this._context;
    const { profile, canProfileLines } = this._result;
    const isThere = profile.lines.function.includes(func);
    return isThere ||
      (canProfileLines && profile.functions.kind[func] === 'python')
      ? [
          this._button(
            isThere
              ? trans.__('Show its lines')
              : trans.__('Profile its lines'),
            'lines',
            () => this._onOpen(func, true)
          )
        ]
      : [];
  }

  private _button(
    text: string,
    focus: string,
    onClick: () => void
  ): HTMLElement {
    return button(text, onClick, { attributes: { 'data-focus': focus } });
  }

  /** A function's name, which selects it. */
  private _link(func: FuncIndex, focus: string): HTMLElement {
    return functionLink(
      this._result.profile,
      func,
      this._context.trans,
      () => this._result.select([func]),
      { 'data-focus': focus }
    );
  }

  /**
   * Own, each callee, and what is left: all of the total.
   */
  private _parts(account: IAccount): HTMLElement {
    const { trans } = this._context;
    const { callees, total, self, rest, gap } = account;
    const rows = [
      this._line(trans.__('own code'), self, total, { isOwn: true }),
      ...this._few(
        callees,
        entry => this._entry(entry, total, 'callees'),
        'callees'
      ),
      ...(gap && !Number.isNaN(rest)
        ? this._later(({ gapSentence, restName }) => [
            this._line(restName(gap, trans), rest, total, {
              title: gapSentence(gap, trans)
            })
          ])
        : [])
    ];
    return this._table(
      trans.__('Where it went'),
      rows,
      gap
        ? this._later(({ gapSentence }) => [
            element('p', {
              className: 'jp-Profiler-gap',
              text: gapSentence(gap, trans)
            })
          ])
        : [
            element('p', {
              className: 'jp-Profiler-adds',
              text: trans.__('✓ adds up to %1', this._amount(total))
            })
          ]
    );
  }

  private _callers({ callers, total, recursiveCalls }: IAccount): HTMLElement {
    const { trans } = this._context;
    if (callers.length === 0) {
      return element(
        'div',
        {},
        this._later(({ noCallers }) => [noCallers(trans)])
      );
    }
    return this._table(
      trans.__('Called by'),
      this._few(
        callers,
        entry => this._entry(entry, total, 'callers'),
        'callers'
      ),
      recursiveCalls > 0
        ? this._later(later => later.byItself(recursiveCalls, this._context))
        : []
    );
  }

  /**
   * The first entries, and a line that shows the others.
   */
  private _few(
    entries: readonly IAccountEntry[],
    draw: (entry: IAccountEntry) => HTMLElement,
    name: ListName
  ): HTMLElement[] {
    if (entries.length <= FEW + 1 || this._open.has(name)) {
      return entries.map(draw);
    }
    const others = entries.slice(FEW);
    const open = () => {
      this._open.add(name);
      this.refresh();
      this._restoreFocus(keyOf(others[0], name));
    };
    return [
      ...entries.slice(0, FEW).map(draw),
      ...this._later(later =>
        later.moreEntries(this._result, others, this._context, text =>
          this._button(text, `more ${name}`, open)
        )
      )
    ];
  }

  private _entry(
    entry: IAccountEntry,
    total: number,
    list: ListName
  ): HTMLElement {
    const { function: func, value, calls } = entry;
    const { trans, numbers } = this._context;
    if (func === NONE) {
      return this._line(trans.__('outside of the profile'), value, total, {
        calls
      });
    }
    const link = this._link(func, keyOf(entry, list));
    return this._line(link, value, total, {
      calls,
      more:
        list === 'callees'
          ? this._later(later =>
              later.worker(this._result, func, value, this._context, one =>
                this._link(one, `worker ${func} ${one}`)
              )
            )
          : [],
      title: Number.isNaN(calls)
        ? ''
        : trans._n('%2 call', '%2 calls', calls, numbers.count(calls))
    });
  }

  private _line(
    name: string | HTMLElement,
    value: number,
    total: number,
    more: {
      readonly isOwn?: boolean;
      readonly calls?: number;
      readonly more?: readonly Node[];
      readonly title?: string;
    } = {}
  ): HTMLElement {
    const { numbers } = this._context;
    const share = total > 0 ? value / total : NaN;
    return element('tr', { title: more.title }, [
      element('th', { attributes: { scope: 'row' } }, [
        typeof name === 'string' ? element('span', { text: name }) : name,
        ...(more.more ?? [])
      ]),
      element('td', { text: this._amount(value) }),
      element('td', { text: numbers.percent(share) }),
      element('td', { className: 'jp-Profiler-share' }, [
        track(more.isOwn ? [share] : [0, share])
      ])
    ]);
  }

  private _table(
    caption: string,
    rows: readonly HTMLElement[],
    foot: readonly Node[]
  ): HTMLElement {
    return element('div', { className: 'jp-Profiler-part' }, [
      element('table', { attributes: { 'aria-label': caption } }, [
        element('caption', { text: caption }),
        element('tbody', {}, rows)
      ]),
      ...foot
    ]);
  }

  private _amount(value: number): string {
    return this._context.numbers.text(
      value,
      this._result.rows.metric?.unit ?? ''
    );
  }

  /** What had the focus before the panel was drawn anew. */
  private _focusedKey(): string | null {
    const { activeElement } = document;
    return activeElement && this.node.contains(activeElement)
      ? activeElement.getAttribute('data-focus')
      : null;
  }

  /**
   * Keep the keyboard's place; where the element is gone, the panel's first control has it.
   */
  private _restoreFocus(key: string | null): void {
    if (key === null) {
      return;
    }
    const controls = [
      ...this.node.querySelectorAll<HTMLElement>('[data-focus]')
    ];
    const next =
      controls.find(one => one.getAttribute('data-focus') === key) ??
      controls[0];
    next?.focus({ preventScroll: true });
  }

  private _shown: FuncIndex | null = null;
  private _loading: Promise<void> | null = null;
  /** Lists that are shown whole. */
  private readonly _open = new Set<ListName>();
}

/** Tells a control from others when the panel is drawn anew. */
function keyOf({ function: func }: IAccountEntry, list: ListName): string {
  return `${list} ${func}`;
}
