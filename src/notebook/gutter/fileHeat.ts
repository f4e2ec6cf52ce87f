import { RangeSet, type Range, type Text } from '@codemirror/state';

import type { FileIndex } from '../../profile/indices';
import type { ILineHeat, LineCosts } from '../../profile/lineHeat';
import type { IProfile } from '../../profile/model';
import {
  blocksOf,
  linesOf,
  placeLines,
  type IBlock
} from '../../profile/placeLines';
import { CostMarker } from './costMarker';
import { CostWords, type IWordsContext } from './words';

/**
 * Costs of one file's or cell's lines in one result, and the markers that show them.
 */
export class FileHeat {
  /**
   * @param isCell - whether the source is a cell's: all of its text is known then, from the first line that holds
   * something on
   * @param reveal - leads to a line in the result
   */
  constructor(
    private readonly _profile: IProfile,
    heat: ILineHeat,
    readonly file: FileIndex,
    context: IWordsContext,
    private readonly _reveal: (heat: FileHeat, line: number, from: Node) => void
  ) {
    this._costs = heat.files.get(file) ?? new Map();
    this._words = new CostWords(_profile, heat, context);
    const { origin, cell } = _profile.files;
    this.isCell = origin[file] === 'cell' || cell[file] !== '';
  }

  /** Whether it is the text of a cell. */
  readonly isCell: boolean;

  /** Path of the file, as the profile has it. */
  get path(): string {
    return this._profile.files.path[this.file];
  }

  /** Id of the cell, "" if the profile does not know it. */
  get cell(): string {
    return this._profile.files.cell[this.file];
  }

  /** What the gutter is called. */
  get title(): string {
    return this._words.title;
  }

  /**
   * Lead to a line in the result.
   *
   * @param from - node that the reader comes from
   */
  reveal(line: number, from: Node): void {
    this._reveal(this, line, from);
  }

  /**
   * Whether a text is what ran, apart from empty lines at its ends.
   */
  isSource(text: string): boolean {
    const [block] = this._blocks;
    return (
      this._blocks.length === 1 &&
      block.lines.join('\n').trim() === linesOf(text).join('\n').trim()
    );
  }

  /**
   * Whether any line with a cost stands in a text.
   */
  isIn(text: readonly string[]): boolean {
    return this._linesIn(text).some(line => this._costs.has(line));
  }

  /**
   * Markers for the lines of a document that are as they ran.
   */
  markersIn(document: Text): RangeSet<CostMarker> {
    const text = [...document.iterLines()];
    const lines = this._linesIn(text);
    const entry = this._hottestOf(lines);
    const ranges: Range<CostMarker>[] = [];
    let offset = 0;
    text.forEach((code, i) => {
      if (this._costs.has(lines[i])) {
        const marker = this._marker(lines[i], code, lines[i] === entry);
        ranges.push(marker.range(offset));
      }
      offset += code.length + 1;
    });
    return RangeSet.of(ranges);
  }

  shareOf(line: number): number {
    return this._costs.get(line)?.share ?? NaN;
  }

  /** What stands in the margin. */
  shortOf(line: number): string {
    const cost = this._costs.get(line);
    return cost ? this._words.short(cost) : '';
  }

  /** All that is said of a line. */
  wordsOf(line: number): readonly string[] {
    const cost = this._costs.get(line);
    return cost ? this._words.long(cost) : [];
  }

  /** For each line of a text the line of the source that it is, 0 if none. */
  private _linesIn(text: readonly string[]): number[] {
    const { isCell, _blocks: blocks } = this;
    const isWhole = isCell && blocks.length === 1 && blocks[0].line === 1;
    return [...placeLines(text, blocks, isWhole)];
  }

  private _hottestOf(lines: readonly number[]): number {
    let hottest = 0;
    for (const line of lines) {
      const share = this.shareOf(line);
      if (
        this._costs.has(line) &&
        (hottest === 0 || share > this.shareOf(hottest))
      ) {
        hottest = line;
      }
    }
    return hottest;
  }

  /** One for each line, so that what stays as it is is not drawn again. */
  private _marker(line: number, code: string, isEntry: boolean): CostMarker {
    const markers = this._markers[isEntry ? 1 : 0];
    const marker =
      markers.get(line) ?? new CostMarker(this, line, code, isEntry);
    markers.set(line, marker);
    return marker;
  }

  private get _blocks(): readonly IBlock[] {
    return (this._made ??= blocksOf(this._profile, this.file));
  }

  private readonly _costs: LineCosts;
  private readonly _words: CostWords;
  private readonly _markers = [
    new Map<number, CostMarker>(),
    new Map<number, CostMarker>()
  ] as const;
  private _made: readonly IBlock[] | null = null;
}
