import { NONE } from '../profile/indices';
import type { FuncIndex } from '../profile/indices';
import { MAX_ROWS } from '../wire/limits';
import { FormatError } from './error';
import { growingFloats } from './growing';
import { placeName } from './perfLines';
import type { IFunctionParts, ProfileBuilder } from './profileBuilder';
import { WireReader } from './protobuf';
import { isPythonPath, pythonFunction } from './pythonFrame';
import type { StackTree } from './stackTree';

/** Where messages lie, by their ids. */
type Places = Map<number | string, readonly [from: number, end: number]>;

interface IMapping {
  readonly path: string;
  /** What is added to an address to find it in the file. */
  readonly shift: bigint;
}

/**
 * What samples of a pprof file are made of: places of messages first, read where a sample needs them.
 */
export class PprofSymbols {
  constructor(
    private readonly _bytes: Uint8Array,
    private readonly _builder: ProfileBuilder,
    private readonly _stacks: StackTree
  ) {}

  /** The next text lies from here to there. */
  addText(from: number, end: number): void {
    this._strings.push(from);
    this._strings.push(end);
    if (this._strings.length > 2 * MAX_ROWS) {
      throw new FormatError(
        `Expected at most ${MAX_ROWS} texts, found more`,
        from
      );
    }
  }

  /** Keep where a message lies, by its field 1. */
  place(table: 'mappings' | 'locations' | 'functions', top: WireReader): void {
    const places = this._places[table];
    const from = top.block();
    const message = new WireReader(this._bytes, from, top.at);
    let id: number | string = 0;
    while (message.next()) {
      if (message.field === 1) {
        id = message.id();
      } else {
        message.skip();
      }
    }
    if (places.size >= MAX_ROWS) {
      throw new FormatError(
        `Expected at most ${MAX_ROWS} entries, found more`,
        from
      );
    }
    places.set(id, [from, top.at]);
  }

  /** Frames of a location, the caller of what was inlined into it first. */
  framesOf(id: number | string, at: number): readonly FuncIndex[] {
    let frames = this._frames.get(id);
    if (!frames) {
      const place = this._places.locations.get(id);
      if (!place) {
        throw new FormatError(`Expected a location with the number ${id}`, at);
      }
      frames = this._readLocation(...place);
      this._frames.set(id, frames);
    }
    return frames;
  }

  private _readLocation(from: number, end: number): FuncIndex[] {
    const message = new WireReader(this._bytes, from, end);
    const lines: { func: number | string; line: number }[] = [];
    let mapping: IMapping = { path: '', shift: 0n };
    let address = 0n;
    while (message.next()) {
      if (message.field === 2) {
        mapping = this._mappingOf(message.id());
      } else if (message.field === 3) {
        address = message.unsigned();
      } else if (message.field === 4) {
        const start = message.block();
        lines.push(this._readLine(start, message.at));
        if (++this._lines > MAX_ROWS) {
          throw new FormatError(
            `Expected at most ${MAX_ROWS} lines of locations, found more`,
            start
          );
        }
      } else {
        message.skip();
      }
    }
    if (lines.length === 0) {
      const place = address + mapping.shift;
      const inside = place >= 0n ? place : address;
      const func = this._builder.func({
        name: placeName(mapping.path, inside),
        object: mapping.path,
        kind: 'native'
      });
      const exact = inside <= BigInt(Number.MAX_SAFE_INTEGER) ? inside : 0n;
      return [this._stacks.frame({ func, address: Number(exact) })];
    }
    // The last is the function that the others were inlined into.
    return lines.reverse().map(({ func, line }, i) => {
      const parts = this._functionOf(func, from);
      const path = parts.path ?? '';
      return this._stacks.frame({
        func: this._builder.func(
          isPythonPath(path)
            ? { ...pythonFunction(parts.name, path), line: parts.line }
            : {
                ...parts,
                object: mapping.path,
                kind: mapping.path ? 'native' : 'other'
              }
        ),
        line: path ? line : 0,
        file: path ? this._builder.file(path) : NONE,
        inlined: i > 0
      });
    });
  }

  private _readLine(from: number, end: number) {
    const message = new WireReader(this._bytes, from, end);
    const found: { func: number | string; line: number } = { func: 0, line: 0 };
    while (message.next()) {
      if (message.field === 1) {
        found.func = message.id();
      } else if (message.field === 2) {
        found.line = lineNumber(message.signed());
      } else {
        message.skip();
      }
    }
    return found;
  }

  private _functionOf(id: number | string, at: number): IFunctionParts {
    const place = this._places.functions.get(id);
    if (!place) {
      throw new FormatError(`Expected a function with the number ${id}`, at);
    }
    const message = new WireReader(this._bytes, ...place);
    const found = { name: '', system: '', path: '', line: 0 };
    while (message.next()) {
      if (message.field === 2) {
        found.name = this.text(message.index());
      } else if (message.field === 3) {
        found.system = this.text(message.index());
      } else if (message.field === 4) {
        found.path = this.text(message.index());
      } else if (message.field === 5) {
        found.line = lineNumber(message.signed());
      } else {
        message.skip();
      }
    }
    const { name, system, path, line } = found;
    return { name: name || system, path, line };
  }

  private _mappingOf(id: number | string): IMapping {
    const place = this._places.mappings.get(id);
    if (!place) {
      return { path: '', shift: 0n }; // 0 stands for none
    }
    const message = new WireReader(this._bytes, ...place);
    let start = 0n;
    let offset = 0n;
    let path = '';
    let build = '';
    while (message.next()) {
      if (message.field === 2) {
        start = message.unsigned();
      } else if (message.field === 4) {
        offset = message.unsigned();
      } else if (message.field === 5) {
        path = this.text(message.index());
      } else if (message.field === 6) {
        build = this.text(message.index());
      } else {
        message.skip();
      }
    }
    if (path) {
      this._builder.object(path, build);
    }
    return { path, shift: offset - start };
  }

  /** A text by its number. */
  text(index: number): string {
    const { numbers, length } = this._strings;
    if (index === 0 && length === 0) {
      return '';
    }
    if (index * 2 >= length) {
      throw new FormatError(
        `Expected one of ${length / 2} texts, found number ${index}`
      );
    }
    return new WireReader(this._bytes).text(
      numbers[index * 2],
      numbers[index * 2 + 1]
    );
  }

  private readonly _places: Record<
    'mappings' | 'locations' | 'functions',
    Places
  > = { mappings: new Map(), locations: new Map(), functions: new Map() };
  private readonly _frames = new Map<number | string, readonly FuncIndex[]>();
  /** Lines of all locations that were read. */
  private _lines = 0;
  /** Where texts begin and end, in turn. */
  private readonly _strings = growingFloats();
}

function lineNumber(line: number): number {
  return Number.isSafeInteger(line) && line > 0 ? line : 0;
}
