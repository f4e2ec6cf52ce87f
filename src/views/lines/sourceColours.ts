import type { FileIndex } from '../../profile/indices';
import type { ISourceBlock } from '../../profile/lineSource';
import type { IProfile } from '../../profile/model';

/** A part of a text that has a colour. */
export interface IColoured {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

/** Finds the coloured parts of a text, in order and apart. */
export type ColourText = (text: string) => Promise<readonly IColoured[]>;

/** Languages of sources, as JupyterLab calls them. */
export type SourceLanguage = 'Python' | 'Cython' | 'C++';

/** Loads what colours a language; null where nothing does. */
export type LoadColours = (
  language: SourceLanguage
) => Promise<ColourText | null>;

/** Characters of a block of source that is coloured: what is longer takes too long to read. */
const MOST_CHARACTERS = 300_000;

/** Files that hold a language. C is read as C++. */
const FILES: readonly (readonly [SourceLanguage, RegExp])[] = [
  ['Python', /\.pyw?$/i],
  ['Cython', /\.(?:pyx|pxd|pxi)$/i],
  [
    'C++',
    /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|h\+\+|ipp|tpp|tcc|inl|cu|cuh)$/i
  ]
];

/** Nothing is coloured. */
const PLAIN: readonly IColoured[] = [];

/**
 * Colours the source of a profile. What does it is loaded when the first line is drawn; until then, and where that
 * fails, there are no colours.
 */
export class SourceColours {
  /**
   * @param onColours - told when there are more of them
   */
  constructor(
    private readonly _profile: IProfile,
    private readonly _load: LoadColours,
    private readonly _onColours: () => void
  ) {}

  /**
   * The coloured parts of a line, counted from its start.
   */
  of(block: ISourceBlock, line: number): readonly IColoured[] {
    const lines = this._lines.get(block);
    if (!lines) {
      // Until they are there, and for what gets none.
      this._lines.set(block, []);
      const language = this._language(block.file);
      if (language) {
        void this._colour(block, language);
      }
    }
    return lines?.[line - block.first] ?? PLAIN;
  }

  private async _colour(
    block: ISourceBlock,
    language: SourceLanguage
  ): Promise<void> {
    const size = block.lines.reduce((sum, { length }) => sum + length + 1, 0);
    if (size > MOST_CHARACTERS) {
      return;
    }
    try {
      let loading = this._colours.get(language);
      if (!loading) {
        loading = this._load(language);
        this._colours.set(language, loading);
      }
      const colour = await loading;
      if (colour) {
        const parts = await colour(block.lines.join('\n'));
        this._lines.set(block, byLine(block.lines, parts));
        this._onColours();
      }
    } catch (reason) {
      // The text is there all the same.
      console.warn('Source is shown without colours.', reason);
    }
  }

  private _language(file: FileIndex): SourceLanguage | null {
    const { origin, path } = this._profile.files;
    return origin[file] === 'cell'
      ? 'Python'
      : (FILES.find(([, ending]) => ending.test(path[file] ?? ''))?.[0] ??
          null);
  }

  private readonly _colours = new Map<
    SourceLanguage,
    ReturnType<LoadColours>
  >();
  private readonly _lines = new Map<ISourceBlock, readonly IColoured[][]>();
}

/** Parts of a text as parts of its lines. One may go over several, as a text in three quotes does. */
function byLine(
  lines: readonly string[],
  parts: readonly IColoured[]
): readonly IColoured[][] {
  let start = 0;
  let first = 0;
  return lines.map(({ length }) => {
    const end = start + length;
    const found: IColoured[] = [];
    for (let i = first; i < parts.length && parts[i].from < end; i++) {
      const { from, to, className } = parts[i];
      if (to > start) {
        found.push({
          from: Math.max(from, start) - start,
          to: Math.min(to, end) - start,
          className
        });
      }
      if (to <= end) {
        first = i + 1;
      }
    }
    start = end + 1;
    return found;
  });
}
