/** What the library exports. It takes the memory of what it is given back itself. */
interface IExports {
  readonly memory: WebAssembly.Memory;
  readonly demangle_any: (at: number, length: number) => [number, number];
  readonly __wbindgen_malloc: (size: number, align: number) => number;
  readonly __wbindgen_free: (at: number, size: number, align: number) => void;
  readonly __wbindgen_start: () => void;
}

/**
 * Memory of the library at most, in pages of 64 kB. Some 15 characters can stand for a name of any length: what wants more
 * memory ends in a trap, and with it the time that it takes.
 */
const MOST_PAGES = 1024;

/** Characters of a name that is read, and bytes of one that is shown: the Python package has the same limit. */
const MOST_NAME = 20_000;
const MOST_SHOWN = 1 << 15;

/** The library takes the tags of a function without a scope for parameters. */
const TAGS = /^([\w$]+)\((\[abi:\w+\](?:, \[abi:\w+\])*)(, void\)|, |\))/;

/** Names that end the library in a trap; then it is not started again. */
const MOST_TRAPS = 8;

/**
 * The library `gecko-profiler-demangle` around its own bytes: a name for people for each mangled name of C++ and Rust.
 *
 * Rejects where there can be no WebAssembly, or the bytes are none.
 *
 * ```
 * const demangler = await Demangler.of(bytes);
 * await demangler.read('_Z4leaki')  // 'leak(int)'
 * ```
 */
export class Demangler {
  static async of(bytes: Uint8Array<ArrayBuffer>): Promise<Demangler> {
    const module = await WebAssembly.compile(withMemory(bytes, MOST_PAGES));
    return new Demangler(module, await instance(module));
  }

  private constructor(
    private readonly _module: WebAssembly.Module,
    private _library: IExports | null
  ) {}

  /** Whether it reads no more, as too many names have ended it. */
  get isOver(): boolean {
    return this._traps >= MOST_TRAPS;
  }

  /** The name for people; null where there is none, or none of a length to be shown. */
  async read(mangled: string): Promise<string | null> {
    if (mangled.length > MOST_NAME) {
      return null;
    }
    // Linkers put `@plt` or a version behind a name.
    const at = mangled.indexOf('@');
    const name = at < 0 ? mangled : mangled.slice(0, at);
    const linked = mangled.slice(name.length);
    try {
      // What has ended in a trap may be in any state.
      this._library ??= this.isOver ? null : await instance(this._module);
      const text = this._library && call(this._library, name);
      // A name that it does not know it gives back, without the mark that compilers of macOS put before.
      return text === null || text === name || text === name.slice(1)
        ? null
        : text.replace(TAGS, withTags) + linked;
    } catch {
      this._traps++;
      this._library = null;
      return null;
    }
  }

  private _traps = 0;
}

function withTags(_: string, name: string, tags: string, rest: string): string {
  const open = rest === ', ' ? '(' : rest === ')' ? '' : '()';
  return name + tags.replaceAll(', ', '') + open;
}

function call(library: IExports, name: string): string | null {
  const bytes = new TextEncoder().encode(name);
  const at = library.__wbindgen_malloc(bytes.length, 1) >>> 0;
  new Uint8Array(library.memory.buffer).set(bytes, at);
  const [to, length] = library.demangle_any(at, bytes.length);
  const text =
    length <= MOST_SHOWN
      ? new TextDecoder().decode(
          new Uint8Array(library.memory.buffer, to >>> 0, length)
        )
      : null;
  library.__wbindgen_free(to, length, 1);
  return text || null;
}

async function instance(module: WebAssembly.Module): Promise<IExports> {
  const { exports } = await WebAssembly.instantiate(module, {
    // Prepares a table of objects, of which this library has none.
    './index_bg.js': { __wbindgen_init_externref_table: () => undefined }
  });
  const library = exports as unknown as IExports;
  library.__wbindgen_start();
  return library;
}

/** Number of the section that says how much memory there is. */
const MEMORY = 5;

/**
 * A WebAssembly module whose memory does not grow beyond so many pages: sections are a number, a length, and content; that
 * of memory is a count, whether there is a limit, the pages to begin with, and the limit.
 * (https://webassembly.github.io/spec/core/binary/modules.html)
 */
function withMemory(
  bytes: Uint8Array<ArrayBuffer>,
  pages: number
): Uint8Array<ArrayBuffer> {
  let at = 8; // behind magic and version
  const number = () => {
    let value = 0;
    for (let shift = 0; at < bytes.length && shift < 35; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) {
        break;
      }
    }
    return value >>> 0;
  };
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++];
    const length = number();
    const end = at + length;
    if (id === MEMORY) {
      at += 2; // one memory; whether it has a limit
      const least = number();
      const content = [1, 1, ...encoded(least), ...encoded(pages)];
      const section = [MEMORY, ...encoded(content.length), ...content];
      const limited = new Uint8Array(
        start + section.length + bytes.length - end
      );
      limited.set(bytes.subarray(0, start));
      limited.set(section, start);
      limited.set(bytes.subarray(end), start + section.length);
      return limited;
    }
    at = end;
  }
  throw new Error('The module has no memory of its own.');
}

/** An unsigned number in LEB128. */
function encoded(value: number): number[] {
  return value < 128
    ? [value]
    : [(value & 127) | 128, ...encoded(Math.floor(value / 128))];
}
