import type { FileIndex, FuncIndex, ThreadIndex } from '../profile/indices';
import { NONE } from '../profile/indices';
import type { IMetric, IProfile } from '../profile/model';
import { CallGraph } from '../profile/callGraph';
import { functionRows } from '../profile/rows';
import { inCycles } from '../profile/tree/cycles';
import { MAX_METRICS } from '../wire/limits';
import { eventMetrics } from './callgrindEvents';
import { engineOf, NameSpace, numberOf, positionOf } from './callgrindText';
import { shown } from './error';
import type { IFormat, IReading } from './format';
import { CALLS, ProfileBuilder } from './profileBuilder';
import { TextLines } from './textLines';

const HEADER = /^([A-Za-z]\w*)\s*:(.*)$/;
const NAME = /^(c?ob|fl|fi|fe|c?fn|cfi|cfl|jfi|jfn)=(.*)$/;
const COST = /^[-+*\d]/;
const CALL = /^calls=\s*(\d{1,15})(?:\s|$)/;
const JUMP = /^(?:jump|jcnd)=/;

/** What stands for a name that is not known. */
const UNKNOWN = '???';

/**
 * Callgrind's profiles, which KCachegrind shows and other tools write as well.
 *
 * Costs of functions and lines, and of calls between two functions; no stacks. What a function took in all is what
 * callgrind_annotate says: the costs of all calls to it; of a function that nobody called, its own and those of its
 * calls. Of functions that call themselves, that is too much: a warning names them.
 */
export const CALLGRIND: IFormat = {
  id: 'callgrind',
  label: 'Callgrind',
  sniff(head) {
    const text = new TextDecoder().decode(head);
    return (
      text.startsWith('# callgrind format') ||
      (/^events\s*:/m.test(text) && /^fn=/m.test(text))
    );
  },
  read: (bytes, reading) => new CallgrindReader(bytes, reading).read()
};

class CallgrindReader {
  constructor(
    bytes: Uint8Array,
    private readonly _reading: IReading
  ) {
    this._lines = new TextLines(bytes, _reading.onProgress);
  }

  read(): IProfile {
    const { _lines: lines, _builder: builder } = this;
    lines.each(text => {
      if (text.trim() !== '' && !text.startsWith('#')) {
        this._readLine(text);
      }
    });
    if (this._metrics.length === 0) {
      throw lines.error('Expected a line with events, found none');
    }
    if (this._calls !== null) {
      throw lines.error('Expected the cost of a call, found the end');
    }
    this._metrics.forEach(metric => builder.metric(metric));
    builder.metric(CALLS);
    this._finishTotals();
    this._check();
    return withRecursion(
      builder.done(this._creator || 'callgrind', this._reading.name)
    );
  }

  private _readLine(text: string): void {
    const lines = this._lines;
    const name = NAME.exec(text);
    if (this._calls !== null && !COST.test(text)) {
      throw lines.error(`Expected the cost of a call, found ${shown(text)}`);
    }
    if (COST.test(text)) {
      this._readCost(text);
    } else if (name) {
      this._readName(name[1], name[2].trim());
    } else if (text.startsWith('calls=')) {
      const call = CALL.exec(text);
      if (!call) {
        throw lines.error(`Expected a number of calls, found ${shown(text)}`);
      }
      this._calls = Number(call[1]);
    } else if (!JUMP.test(text)) {
      const header = HEADER.exec(text);
      if (!header) {
        throw lines.error(
          `Expected a name, a cost or a header, found ${shown(text)}`
        );
      }
      this._readHeader(header[1], header[2].trim());
    }
  }

  private _readHeader(key: string, value: string): void {
    switch (key) {
      case 'version':
        if (!/^[01](?:\.|$)/.test(value)) {
          throw this._lines.error(`Expected version 1, found ${shown(value)}`);
        }
        break;
      case 'positions':
        this._positions = value.split(/\s+/);
        this._last = this._positions.map(() => 0);
        break;
      case 'event': {
        // As `Ir : Instruction Fetches`, also with a formula: `EstCycles = Ir + 10 I1m : ...`.
        const colon = value.indexOf(':');
        if (colon > 0) {
          const id = value.slice(0, colon).split('=')[0].trim();
          this._longNames.set(id, value.slice(colon + 1).trim());
        }
        break;
      }
      case 'events':
        this._readEvents(value);
        break;
      case 'summary':
      case 'totals':
        this._readSum(key, value);
        break;
      case 'thread':
        this._readThread(value);
        break;
      case 'cmd':
        this._builder.command = value;
        break;
      case 'creator':
        this._creator = value;
        this._builder.engine(engineOf(value));
        break;
      default: // pid, part, desc, and what others may write
    }
  }

  private _readEvents(value: string): void {
    const events = value.split(/\s+/).filter(event => event !== '');
    if (events.length === 0 || events.length > MAX_METRICS - 1) {
      throw this._lines.error(
        `Expected up to ${MAX_METRICS - 1} events, found ${events.length}`
      );
    }
    const known = this._events;
    if (known.length > 0 && known.join(' ') !== events.join(' ')) {
      throw this._lines.error(
        `Expected the events ${shown(known.join(' '))} in each part, found ${shown(events.join(' '))}`
      );
    }
    this._events = events;
    this._metrics = eventMetrics(events, this._longNames);
    this._costs = new Float64Array(events.length);
    if (this._sum === null) {
      this._sum = new Float64Array(events.length);
    }
  }

  private _readThread(value: string): void {
    const isNumber = /^\d{1,15}$/.test(value);
    this._thread = this._builder.thread({
      name: isNumber ? `Thread ${value}` : value,
      tid: isNumber ? Number(value) : 0
    });
    this._totalsRow = NONE;
  }

  private _readSum(key: 'summary' | 'totals', value: string): void {
    const costs = this._numbers(value.split(/\s+/), 0);
    const sums = (this._said[key] ??= new Float64Array(this._events.length));
    costs.forEach((cost, event) => (sums[event] += cost));
  }

  private _readName(key: string, value: string): void {
    const lines = this._lines;
    const space = key.endsWith('ob')
      ? this._objects
      : key.endsWith('fn')
        ? this._functions
        : this._files;
    const name = space.resolve(value, lines);
    switch (key) {
      case 'ob':
        this._object = name;
        break;
      case 'fl':
      case 'fi':
      case 'fe':
        this._file = name;
        this._fileIndex = NONE;
        break;
      case 'fn':
        this._func = this._function(this._object, this._file, name);
        this._totalsRow = NONE;
        break;
      case 'cob':
        this._calledObject = name;
        break;
      case 'cfi':
      case 'cfl':
        this._calledFile = name;
        break;
      case 'cfn':
        this._called = this._function(
          this._calledObject ?? this._object,
          this._calledFile ?? this._file,
          name
        );
        this._calledObject = null;
        this._calledFile = null;
        break;
      default: // jfi, jfn: where a jump goes to
    }
  }

  private _readCost(text: string): void {
    const lines = this._lines;
    if (this._events.length === 0) {
      throw lines.error(
        `Expected a line with events before costs, found ${shown(text)}`
      );
    }
    const words = text.trim().split(/\s+/);
    for (let i = 0; i < this._positions.length; i++) {
      this._last[i] = positionOf(words[i] ?? '*', this._last[i], lines);
    }
    const costs = this._numbers(words, this._positions.length);
    const { _func: func, _calls: calls } = this;
    if (func === NONE) {
      throw lines.error(
        `Expected a function before costs, found ${shown(text)}`
      );
    }
    if (calls !== null) {
      if (this._called === NONE) {
        throw lines.error(
          'Expected a called function before the cost of a call'
        );
      }
      this._addCall(calls, costs);
      this._calls = null;
      return;
    }
    const thread = this._threadOf();
    if (this._totalsRow === NONE) {
      this._totalsRow = this._builder.totals.row(func, thread);
    }
    const totals = this._totalsRow;
    const at = this._positions.indexOf('line');
    const line = at < 0 ? 0 : this._last[at];
    if (!Number.isSafeInteger(line)) {
      throw lines.error(`Expected the number of a line, found ${line}`);
    }
    const row =
      line > 0 &&
      this._file !== UNKNOWN &&
      words.length > this._positions.length
        ? this._builder.lines.row(this._fileOf(), line, func, thread)
        : NONE;
    for (let event = 0; event < costs.length; event++) {
      const cost = costs[event];
      if (cost !== 0) {
        const key = `self.${this._metrics[event].id}` as const;
        this._builder.totals.add(totals, key, cost);
        if (row !== NONE) {
          this._builder.lines.add(row, key, cost);
        }
        if (this._sum) {
          this._sum[event] += cost;
        }
      }
    }
  }

  private _addCall(calls: number, costs: ArrayLike<number>): void {
    const { _builder: builder, _called: called } = this;
    const thread = this._threadOf();
    const edge = builder.edges.row(this._func, called, thread);
    const callee = builder.totals.row(called, thread);
    this._calledRows.add(callee);
    const caller = builder.totals.row(this._func, thread);
    let outgoing = this._outgoing.get(caller);
    if (!outgoing) {
      outgoing = new Float64Array(this._events.length);
      this._outgoing.set(caller, outgoing);
    }
    builder.edges.add(edge, 'self.calls', calls);
    builder.totals.add(callee, 'self.calls', calls);
    for (let event = 0; event < this._events.length; event++) {
      const key = `total.${this._metrics[event].id}` as const;
      builder.edges.add(edge, key, costs[event]);
      builder.totals.add(callee, key, costs[event]);
      outgoing[event] += costs[event];
    }
  }

  /** Of functions that nobody called: their own costs and those of their calls. */
  private _finishTotals(): void {
    const { totals } = this._builder;
    for (let row = 0; row < totals.length; row++) {
      if (this._calledRows.has(row)) {
        continue;
      }
      this._metrics.forEach(({ id }, event) => {
        const own = totals.value(row, `self.${id}`);
        const calls = this._outgoing.get(row)?.[event] ?? 0;
        totals.add(row, `total.${id}`, own + calls);
      });
    }
  }

  private _check(): void {
    const [key, said] = this._said.totals
      ? (['totals', this._said.totals] as const)
      : (['summary', this._said.summary] as const);
    const { _builder: builder, _sum: sum } = this;
    if (!said || !sum) {
      return;
    }
    this._events.forEach((event, i) => {
      // A summary of zeros is none: callgrind_annotate takes it so.
      if (said.some(value => value !== 0)) {
        builder.check({
          id: 'summary',
          text: `The costs of all lines are the ${key} of the file: ${event}.`,
          ok: sum[i] === said[i],
          value: sum[i],
          expected: said[i],
          tolerance: 0,
          unit: this._metrics[i].unit
        });
        if (sum[i] < said[i]) {
          builder.warn(
            'incomplete',
            `The file says that it holds ${said[i]} ${event}; its lines have ${sum[i]}. It may have been cut.`
          );
        }
      }
    });
  }

  private _function(object: string, file: string, name: string): FuncIndex {
    return this._builder.func({
      name,
      path: file === UNKNOWN ? '' : file,
      object: object === UNKNOWN ? '' : object,
      kind: object === '' || object === UNKNOWN ? 'other' : 'native'
    });
  }

  private _threadOf(): ThreadIndex {
    if (this._thread === NONE) {
      this._thread = this._builder.thread({ name: '' });
    }
    return this._thread as ThreadIndex;
  }

  private _fileOf(): FileIndex {
    if (this._fileIndex === NONE) {
      this._fileIndex = this._builder.file(this._file);
    }
    return this._fileIndex as FileIndex;
  }

  /** Costs from a word on; those that are left out at the end are 0. */
  private _numbers(words: readonly string[], from: number): Float64Array {
    const costs = this._costs.fill(0);
    const found = words.length - from;
    if (found > costs.length) {
      throw this._lines.error(
        `Expected at most ${costs.length} costs, found ${found}`
      );
    }
    for (let i = 0; i < found; i++) {
      costs[i] = numberOf(words[from + i]);
      if (!Number.isFinite(costs[i])) {
        throw this._lines.error(
          `Expected a cost, found ${shown(words[from + i])}`
        );
      }
    }
    return costs;
  }

  private readonly _lines: TextLines;
  private readonly _builder = new ProfileBuilder({ name: 'callgrind' });
  private _creator = '';
  private readonly _longNames = new Map<string, string>();
  private readonly _objects = new NameSpace();
  private readonly _files = new NameSpace();
  private readonly _functions = new NameSpace();
  private readonly _said: Record<string, Float64Array | undefined> = {};
  private _events: readonly string[] = [];
  private _metrics: readonly IMetric[] = [];
  private _costs = new Float64Array();
  private _sum: Float64Array | null = null;
  private _positions: readonly string[] = ['line'];
  private _last: number[] = [0];
  private _thread: ThreadIndex | typeof NONE = NONE;
  private _totalsRow: number = NONE;
  private _object = '';
  private _file = UNKNOWN;
  private _fileIndex: number = NONE;
  private _func: FuncIndex | typeof NONE = NONE;
  private _calledObject: string | null = null;
  private _calledFile: string | null = null;
  private _called: FuncIndex | typeof NONE = NONE;
  private _calls: number | null = null;
  private readonly _calledRows = new Set<number>();
  private readonly _outgoing = new Map<number, Float64Array>();
}

/**
 * Tell of functions that call themselves: the file has what each call cost in all, also those within another call of the
 * same function, and nothing that would tell the two apart.
 */
function withRecursion(profile: IProfile): IProfile {
  const { functions, meta } = profile;
  const graph = new CallGraph(profile, functionRows(profile));
  const isCyclic = inCycles(graph);
  const isRecursive = (func: FuncIndex) =>
    isCyclic[func] || graph.callees(func).some(({ callee }) => callee === func);
  const recursive = Array.from(
    functions.name.keys() as Iterable<FuncIndex>
  ).filter(isRecursive);
  if (recursive.length === 0) {
    return profile;
  }
  const more = recursive.length - 1;
  const which = `${shown(functions.name[recursive[0]])}${more > 0 ? ` and ${more} more` : ''}`;
  const warning = {
    code: 'recursive-totals',
    text: `Functions that call themselves have too much as their total: calls within their own calls are counted again, as callgrind_annotate counts them (${which}).`
  };
  return {
    ...profile,
    meta: { ...meta, warnings: [...meta.warnings, warning] }
  };
}
