/**
 * What is asked of the kernel part, and what it answers. Pure: no JupyterLab.
 */

/** The kernel part's module that takes orders of the front end. */
const MODULE = 'jupyterlab_profiler.remote';

/** Ids of cells as nbformat 4.5 allows them. None of them can end a Python string. */
const CELL_ID = /^[\w-]{1,64}$/;

/** Characters of an error that are shown. Notifications end at 140. */
const MOST_CHARACTERS = 100;

/** Name of the expression in the request and in the reply. */
export const EXPRESSION = 'answer';

/** What became of an order. */
export type Answer =
  /** Done; `loaded` if this order loaded the kernel part. */
  | { readonly kind: 'done'; readonly loaded: boolean }
  /** The kernel part is not installed where the kernel runs. */
  | { readonly kind: 'missing' }
  /** The kernel part is from before it took orders. */
  | { readonly kind: 'old' }
  /** The kernel dropped the order, because a cell before it failed. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * What the kernel part can be told: arm cells for their next run (`again`: also where they have a magic's line of their
 * own, which is passed over), or take that back.
 */
export type Order = 'arm' | 'again' | 'disarm';

/** Whether notebooks allow this id of a cell. Others are not sent to a kernel. */
export function isCellId(id: string): boolean {
  return CELL_ID.test(id);
}

/**
 * The magic's line that a cell is run as if it had: which kind of profile is wanted, and of what.
 *
 * @param place - where the function begins whose lines are wanted beside the functions
 */
export function magicLine(
  kind: 'functions' | 'lines' | 'both' | 'native',
  place?: { readonly path: string; readonly line: number }
): string {
  switch (kind) {
    case 'functions':
      return '%%cprofile';
    case 'lines':
      return '%%lprun';
    case 'native':
      return '%%native';
    case 'both':
      return place
        ? `%%cprofile --lines --place "${place.path}:${place.line}"`
        : '%%cprofile --lines';
  }
}

/**
 * The Python expression that gives an order.
 *
 * @param line - as `magicLine` makes it
 * @throws RangeError for an id that `isCellId` refuses
 */
export function orderExpression(
  order: Order,
  ids: readonly string[],
  line?: string
): string {
  const refused = ids.find(id => !isCellId(id));
  if (refused !== undefined) {
    throw new RangeError(`not the id of a cell: ${JSON.stringify(refused)}`);
  }
  const more = line === undefined ? '' : `, ${pythonString(line)}`;
  return `__import__('${MODULE}', fromlist=['${order}']).${order}(${JSON.stringify(ids)}${more})`;
}

/** A literal in ASCII, whatever the text holds: half of a surrogate pair too. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

/**
 * Read the content of an `execute_reply`. Whatever it holds, there is an answer.
 */
export function readAnswer(content: unknown): Answer {
  if (member(content, 'status') === 'aborted') {
    return { kind: 'dropped' };
  }
  const result = member(member(content, 'user_expressions'), EXPRESSION);
  const status = member(result, 'status');
  if (status === 'ok') {
    const text = member(member(result, 'data'), 'text/plain');
    return { kind: 'done', loaded: text === '1' };
  }
  // Where the request itself failed, the error is in the reply.
  return readError(status === 'error' ? result : content);
}

function readError(error: unknown): Answer {
  const name = text(member(error, 'ename'));
  const value = text(member(error, 'evalue'));
  if (name === 'ModuleNotFoundError' || name === 'AttributeError') {
    if (/\bjupyterlab_profiler\.remote\b/.test(value)) {
      return { kind: 'old' };
    }
  }
  if (
    name === 'ModuleNotFoundError' &&
    /\bjupyterlab_profiler\b(?!\.)/.test(value)
  ) {
    return { kind: 'missing' };
  }
  const reason = [name, value].filter(part => part !== '').join(': ');
  return {
    kind: 'failed',
    reason:
      reason.length > MOST_CHARACTERS
        ? `${reason.slice(0, MOST_CHARACTERS - 1)}…`
        : reason
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** On one line, as a notification shows it. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}
