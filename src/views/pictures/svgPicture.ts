import { printable } from '../../profile/printable';

/** What boxes are painted on: the part of a canvas that they use. */
export type Paper = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'globalAlpha'
  | 'font'
  | 'textBaseline'
  | 'textAlign'
  | 'fillRect'
  | 'fillText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'rect'
  | 'setLineDash'
  | 'stroke'
>;

/** A picture that can be painted again, as it is seen. */
export interface IPainting {
  /** In px. */
  readonly width: number;
  readonly height: number;
  paint(paper: Paper): void;
}

/** Boxes, lines and names of a file at most: programs that draw SVG are slow with more, and it has some megabytes. */
export const MOST_SHAPES = 50_000;

/** What keeps a text of another direction apart; a picture may hold it. */
const ISOLATES = /[\u2066-\u2069]/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;'
};

/**
 * Paintings as one SVG file, one below the other: rectangles, lines and text, and nothing that could run or be fetched.
 *
 * @param title - what the picture is of
 * @returns `null` where there is more in them than `MOST_SHAPES`
 */
export function svgPicture(
  paintings: readonly IPainting[],
  title: string
): string | null {
  const parts: string[] = [];
  let left = MOST_SHAPES;
  let top = 0;
  for (const { width, height, paint } of paintings) {
    const paper = new SvgPaper(left);
    paint(paper);
    left = paper.left;
    if (left < 0) {
      return null;
    }
    // One within the other cuts off what is beyond its edges, as a canvas does.
    parts.push(
      `<svg y="${top}" width="${width}" height="${height}">${paper.text}</svg>`
    );
    top += height;
  }
  const width = Math.max(0, ...paintings.map(one => one.width));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" role="img"><title>${escaped(title)}</title>${parts.join('')}</svg>\n`;
}

/**
 * Writes down what is painted, as elements of SVG.
 */
class SvgPaper implements Paper {
  /**
   * @param left - shapes that may be painted
   */
  constructor(public left: number) {}

  fillStyle: Paper['fillStyle'] = '#000';
  strokeStyle: Paper['strokeStyle'] = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  font = '';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  textAlign: CanvasTextAlign = 'start';

  get text(): string {
    this._close();
    return this._out.join('');
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (this._takes()) {
      this._group('');
      this._out.push(
        `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/>`
      );
    }
  }

  fillText(text: string, x: number, y: number): void {
    if (this._takes()) {
      const [, size, family] = /^([\d.]+px) (.*)$/s.exec(this.font) ?? [];
      this._group(
        ` font-size="${escaped(size ?? '11px')}" font-family="${escaped(family ?? 'sans-serif')}" dominant-baseline="central"`
      );
      this._out.push(
        `<text x="${short(x)}" y="${short(y)}">${escaped(text)}</text>`
      );
    }
  }

  beginPath(): void {
    this._path = [];
  }

  moveTo(x: number, y: number): void {
    this._path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    if (this._takes()) {
      this._path.push(`L${short(x)} ${short(y)}`);
    }
  }

  rect(x: number, y: number, width: number, height: number): void {
    if (this._takes()) {
      this._path.push(
        `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`
      );
    }
  }

  setLineDash(dash: number[]): void {
    this._dash = dash;
  }

  stroke(): void {
    if (this._path.length > 0) {
      this._close();
      const dash =
        this._dash.length > 0
          ? ` stroke-dasharray="${this._dash.join(' ')}"`
          : '';
      this._out.push(
        `<path d="${this._path.join('')}" fill="none" stroke="${escaped(String(this.strokeStyle))}" stroke-width="${short(this.lineWidth)}"${dash}${this._opacity}/>`
      );
    }
  }

  private get _opacity(): string {
    return this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : '';
  }

  /** Whether there is room for one more. */
  private _takes(): boolean {
    return --this.left >= 0;
  }

  /** What has one colour is one group. */
  private _group(attributes: string): void {
    const group = `<g fill="${escaped(String(this.fillStyle))}"${this._opacity}${attributes}>`;
    if (group !== this._open) {
      this._close();
      this._out.push(group);
      this._open = group;
    }
  }

  private _close(): void {
    if (this._open) {
      this._out.push('</g>');
      this._open = '';
    }
  }

  private readonly _out: string[] = [];
  private _open = '';
  private _path: string[] = [];
  private _dash: number[] = [];
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A text that is text wherever it stands; what no file may hold, or turns text round, is written as Python does. */
function escaped(text: string): string {
  return text
    .split(/([\u2066-\u2069])/)
    .map(part => (ISOLATES.test(part) ? part : printable(part)))
    .join('')
    .replace(/[&<>"]/g, character => ENTITIES[character]);
}
