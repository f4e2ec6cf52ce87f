import { NONE } from '../profile/indices';
import type { IProfile, ValueKey } from '../profile/model';
import { MAX_DEPTH, MAX_METRICS, MAX_NUMBERS, MAX_ROWS } from '../wire/limits';
import { FormatError, placed, shown } from './error';
import type { IFormat, IReading } from './format';
import { growingFloats } from './growing';
import { pprofMetrics, type ISampleType } from './pprofMetrics';
import { PprofSymbols } from './pprofSymbols';
import { ProfileBuilder } from './profileBuilder';
import { BYTES, VARINT, WireReader } from './protobuf';
import { StackTree } from './stackTree';

/** How the fields of a profile are written, by their numbers. */
const WIRES = new Map<number, number>([
  ...[1, 2, 3, 4, 5, 6, 11].map(field => [field, BYTES] as const),
  ...[7, 8, 9, 10, 12, 14, 15].map(field => [field, VARINT] as const)
]);

/** Frames that a byte of a file may stand for on average; inlining makes it more than one. */
const FRAMES_A_BYTE = 64;

const THREAD_NAME = /^thread(?:[ _]?name)?$/i;
const THREAD_ID = /^(?:thread[ _]?(?:native[ _])?id|tid)$/i;

/**
 * pprof's profiles (`profile.proto`), unpacked: Go, and many tools beside.
 *
 * Each type of value is a metric. Several lines of a location are inlined frames. A location without functions is called
 * by its object and its address in it.
 */
export const PPROF: IFormat = {
  id: 'pprof',
  label: 'pprof',
  sniff(head, size) {
    const seen = new Set<number>();
    const reader = new WireReader(head);
    try {
      while (reader.next()) {
        const wire = WIRES.get(reader.field);
        const isComment = reader.field === 13;
        if (wire === undefined ? !isComment : wire !== reader.wire) {
          return false;
        }
        seen.add(reader.field);
        if (reader.field === 1 && !isValueType(reader)) {
          return false;
        }
        if (reader.field !== 1) {
          reader.skip();
        }
      }
    } catch {
      // The head may end within a field.
      return size > head.length && seen.size > 2 && seen.has(2);
    }
    return seen.has(1) && seen.has(6);
  },
  read: (bytes, reading) => new PprofReader(bytes, reading).read()
};

function isValueType(reader: WireReader): boolean {
  const from = reader.block();
  const inner = new WireReader(reader.bytes, from, reader.at);
  while (inner.next()) {
    if (inner.field > 2 || inner.wire !== VARINT) {
      return false;
    }
    inner.skip();
  }
  return true;
}

class PprofReader {
  constructor(
    private readonly _bytes: Uint8Array,
    private readonly _reading: IReading
  ) {
    this._budget = _bytes.length * FRAMES_A_BYTE + MAX_ROWS;
    this._symbols = new PprofSymbols(_bytes, this._builder, this._stacks);
  }

  read(): IProfile {
    const samples = this._readTop();
    const { _builder: builder } = this;
    const types = this._types.map(({ type, unit }) => ({
      type: this._symbols.text(type),
      unit: this._symbols.text(unit)
    }));
    if (types.length === 0) {
      throw new FormatError('Expected types of values, found none');
    }
    const metrics = pprofMetrics(types);
    this._keys = metrics.map(({ id }) => `self.${id}` as const);
    // The default comes first; pprof itself takes the last where none is named.
    const named = this._symbols.text(this._default);
    const first = named
      ? Math.max(
          0,
          types.findIndex(({ type }: ISampleType) => type === named)
        )
      : metrics.length - 1;
    builder.metric(metrics[first]);
    metrics.forEach(metric => builder.metric(metric));
    for (let i = 0; i < samples.length; i += 2) {
      const from = samples.numbers[i];
      placed(
        () => [from, null],
        () => this._readSample(from, samples.numbers[i + 1])
      );
      if (i % 131_072 === 0) {
        this._reading.onProgress(from);
      }
    }
    this._warn();
    this._stacks.finish();
    return builder.done('pprof', this._reading.name);
  }

  /** All but the samples, whose places are given back: they may stand before what they are made of. */
  private _readTop() {
    const samples = growingFloats();
    const top = new WireReader(this._bytes);
    while (top.next()) {
      switch (top.field) {
        case 1: {
          const from = top.block();
          this._types.push(this._readType(from, top.at));
          if (this._types.length > MAX_METRICS) {
            throw new FormatError(
              `Expected at most ${MAX_METRICS} types of values, found more`,
              from
            );
          }
          break;
        }
        case 2: {
          const from = top.block();
          samples.push(from);
          samples.push(top.at);
          if (samples.length > MAX_NUMBERS) {
            throw new FormatError(
              `Expected at most ${MAX_NUMBERS / 2} samples, found more`,
              from
            );
          }
          break;
        }
        case 3:
          this._symbols.place('mappings', top);
          break;
        case 4:
          this._symbols.place('locations', top);
          break;
        case 5:
          this._symbols.place('functions', top);
          break;
        case 6:
          this._symbols.addText(top.block(), top.at);
          break;
        case 9: {
          const milliseconds = Math.floor(top.signed() / 1e6);
          if (Math.abs(milliseconds) < 8.64e15 && milliseconds !== 0) {
            this._builder.started = new Date(milliseconds).toISOString();
          }
          break;
        }
        case 10: {
          const wall = top.signed();
          this._builder.wall =
            Number.isSafeInteger(wall) && wall > 0 ? wall : null;
          break;
        }
        case 14:
          this._default = top.index();
          break;
        default:
          top.skip();
      }
    }
    return samples;
  }

  private _readType(from: number, end: number): { type: number; unit: number } {
    const message = new WireReader(this._bytes, from, end);
    const found = { type: 0, unit: 0 };
    while (message.next()) {
      if (message.field === 1) {
        found.type = message.index();
      } else if (message.field === 2) {
        found.unit = message.index();
      } else {
        message.skip();
      }
    }
    return found;
  }

  private _readSample(from: number, end: number): void {
    const message = this._sample.seek(from, end);
    const { _locationIds: ids, _values: values } = this;
    ids.length = 0;
    values.length = 0;
    let name = '';
    let tid = 0;
    while (message.next()) {
      if (message.field === 1) {
        message.repeated(() => pushed(ids, message.id(), MAX_DEPTH, from));
      } else if (message.field === 2) {
        message.repeated(() =>
          pushed(values, message.signed(), MAX_METRICS, from)
        );
      } else if (message.field === 3) {
        const label = this._readLabel(message.block(), message.at);
        if (THREAD_NAME.test(label.key)) {
          name = label.text || `${label.number}`;
        } else if (THREAD_ID.test(label.key)) {
          tid = label.number || Number(/^\d{1,15}$/.exec(label.text) ?? 0);
        } else {
          this._labels.set(label.key, (this._labels.get(label.key) ?? 0) + 1);
        }
      } else {
        message.skip();
      }
    }
    if (values.length !== this._keys.length) {
      throw new FormatError(
        `Expected ${this._keys.length} values of a sample, found ${values.length}`,
        from
      );
    }
    if (ids.length === 0) {
      this._empty++;
      return;
    }
    const thread = this._builder.thread({
      name,
      tid: Number.isSafeInteger(tid) && tid > 0 ? tid : 0
    });
    const tree = this._stacks.frames;
    let node: number = NONE;
    for (let i = ids.length - 1; i >= 0; i--) {
      const frames = this._symbols.framesOf(ids[i], from);
      this._budget -= frames.length;
      if (this._budget < 0) {
        throw new FormatError(
          `Expected no more than ${FRAMES_A_BYTE} frames for each byte of the file, found more`,
          from
        );
      }
      for (const frame of frames) {
        node = tree.child(node, frame, thread);
      }
    }
    for (let i = 0; i < values.length; i++) {
      tree.add(node, this._keys[i], values[i]);
    }
  }

  private _readLabel(from: number, end: number) {
    const message = new WireReader(this._bytes, from, end);
    const label = { key: '', text: '', number: 0 };
    while (message.next()) {
      if (message.field === 1) {
        label.key = this._symbols.text(message.index());
      } else if (message.field === 2) {
        label.text = this._symbols.text(message.index());
      } else if (message.field === 3) {
        label.number = message.signed();
      } else {
        message.skip();
      }
    }
    return label;
  }

  private _warn(): void {
    if (this._empty > 0) {
      this._builder.warn(
        'empty-stacks',
        `${this._empty} samples have no stack. They are not in the profile.`
      );
    }
    if (this._labels.size > 0) {
      const keys = [...this._labels.keys()].slice(0, 5).map(shown).join(', ');
      this._builder.warn(
        'labels',
        `Labels of samples are not kept, but for threads: ${keys}.`
      );
    }
  }

  private readonly _builder = new ProfileBuilder({ name: 'pprof' });
  private readonly _stacks = new StackTree(this._builder);
  private readonly _sample = new WireReader(this._bytes);
  private readonly _types: { type: number; unit: number }[] = [];
  private readonly _symbols: PprofSymbols;
  private readonly _labels = new Map<string, number>();
  private readonly _locationIds: (number | string)[] = [];
  private readonly _values: number[] = [];
  private _keys: readonly ValueKey[] = [];
  private _default = 0;
  private _empty = 0;
  private _budget: number;
}

/** Put one more to the locations or values of the sample that begins there. */
function pushed<T>(list: T[], item: T, most: number, from: number): void {
  if (list.length >= most) {
    throw new FormatError(
      `Expected a sample of at most ${MAX_DEPTH} locations and ${MAX_METRICS} values, found a longer one`,
      from
    );
  }
  list.push(item);
}
