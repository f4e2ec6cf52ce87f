import { cut, element } from '../dom';

/** Distance from the pointer in px. */
const DISTANCE = 14;

/**
 * What is said of the mark under the pointer. plotly's own labels read markup and are cut at a narrow picture's edges.
 */
export class Tip {
  /**
   * @param _host - what the tip stays within; it is positioned
   */
  constructor(private readonly _host: HTMLElement) {
    this._node = element('div', {
      className: 'jp-Profiler-tip',
      attributes: { 'aria-hidden': 'true' }
    });
    this._node.hidden = true;
    _host.append(this._node);
  }

  /**
   * Show lines beside the pointer. The first one is a name.
   */
  show(lines: readonly string[], { clientX, clientY }: MouseEvent): void {
    this._node.replaceChildren(
      ...lines.map((line, i) =>
        element(i === 0 ? 'strong' : 'span', { text: cut(line) })
      )
    );
    this._node.hidden = false;
    const host = this._host.getBoundingClientRect();
    const own = this._node.getBoundingClientRect();
    const [x, y] = [clientX - host.left, clientY - host.top];
    // On the side with more room, and never beyond the edges.
    const left = x < host.width / 2 ? x + DISTANCE : x - DISTANCE - own.width;
    const top = y < host.height / 2 ? y + DISTANCE : y - DISTANCE - own.height;
    const within = (at: number, size: number, all: number) =>
      Math.max(0, Math.min(at, all - size));
    this._node.style.left = `${within(left, own.width, host.width)}px`;
    this._node.style.top = `${within(top, own.height, host.height)}px`;
  }

  hide(): void {
    this._node.hidden = true;
  }

  private readonly _node: HTMLElement;
}
