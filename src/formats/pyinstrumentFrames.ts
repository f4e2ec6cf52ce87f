import type {
  IFunctionParts,
  IThreadParts,
  ProfileBuilder
} from './profileBuilder';
import { wellFormed } from './jsonFile';
import type { IFrame } from './stackTree';

/** What pyinstrument puts in the place of functions that are not there. */
const PSEUDO: ReadonlySet<string> = new Set([
  '[await]',
  '[out-of-context]',
  '[root]'
]);

/** A frame as it is written, taken apart. */
export interface IPyinstrumentFrame {
  /** `own` stands for the time of the frame above; a thread is one only at the root. */
  readonly is: 'call' | 'own' | 'thread';
  readonly name: string;
  readonly path: string;
  /** Where the function begins, 0 if not known. */
  readonly first: number;
  /** Class of `self` or `cls`, "" if there is none. */
  readonly className: string;
  /** Line that the frame was at, 0 if not known. */
  readonly line: number;
  /** What it is as a root. */
  readonly thread: IThreadParts;
}

/**
 * The frames of a file, each once: `name NUL file NUL first line`, and behind each SOH an attribute: `c` the class of
 * `self`, `l` the line, `h` whether reports hide the frame.
 *
 * A function is what pyinstrument takes for one: by name, file and first line. The class is that of the object and not
 * of the method; where a function has several, they are not in its name.
 */
export class PyinstrumentFrames {
  constructor(private readonly _builder: ProfileBuilder) {}

  /** All frames, by number. */
  readonly all: IPyinstrumentFrame[] = [];

  /** The number of a frame as it is written. */
  number(text: string): number {
    let number = this._numbers.get(text);
    if (number === undefined) {
      number = this.add(frameOf(text));
      this._numbers.set(text, number);
    }
    return number;
  }

  /** The number of a further frame. */
  add(frame: IPyinstrumentFrame): number {
    if (frame.className !== '') {
      const key = keyOf(frame);
      const known = this._classOf.get(key) ?? frame.className;
      this._classOf.set(key, known === frame.className ? known : '');
    }
    return this.all.push(frame) - 1;
  }

  /** The function of a frame and where in it that was. Asked when all frames are there. */
  placed(frame: IPyinstrumentFrame): IFrame {
    const { line } = frame;
    const parts = this._functionOf(frame);
    const func = this._builder.func(parts);
    return line > 0 && parts.path
      ? { func, line, file: this._builder.file(parts.path) }
      : { func };
  }

  private _functionOf(frame: IPyinstrumentFrame): IFunctionParts {
    const { name, path, first } = frame;
    if (PSEUDO.has(name)) {
      return { name, kind: 'pseudo' };
    }
    if (path === '<built-in>') {
      return { name, kind: 'builtin' };
    }
    const className = this._classOf.get(keyOf(frame)) ?? '';
    const qualified = className === '' ? '' : `${className}.${name}`;
    return { name, qualified, path, line: first, kind: 'python' };
  }

  private readonly _numbers = new Map<string, number>();
  /** "" for functions that have several. */
  private readonly _classOf = new Map<string, string>();
}

/** A frame by its parts. */
export function frameOfParts(
  name: string,
  path: string,
  first: number,
  className: string,
  line: number
): IPyinstrumentFrame {
  const isThread = path === '<thread>';
  return {
    is: isThread ? 'thread' : name === '[self]' ? 'own' : 'call',
    name: wellFormed(name),
    path: wellFormed(path),
    first: isThread ? 0 : first,
    className: wellFormed(className),
    line,
    thread: { name: wellFormed(name), tid: first }
  };
}

function frameOf(text: string): IPyinstrumentFrame {
  const [identifier, ...attributes] = text.split('\x01');
  const [name, path = '', first = ''] = identifier.split('\0');
  const valueOf = (marker: string) =>
    attributes.find(attribute => attribute.startsWith(marker))?.slice(1) ?? '';
  return frameOfParts(
    name,
    path,
    wholeOf(first),
    valueOf('c'),
    wholeOf(valueOf('l'))
  );
}

/** A whole number that a text is; 0 if it is none. */
function wholeOf(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(number) ? number : 0;
}

function keyOf({ name, path, first }: IPyinstrumentFrame): string {
  return `${first}\0${name}\0${path}`;
}
