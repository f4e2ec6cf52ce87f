/** Places that are kept. */
const MOST = 200;

/**
 * Places that were visited, in order, as a browser keeps them: who goes back and then elsewhere, forgets what was
 * ahead.
 */
export class Visited {
  /**
   * Be at a place; to be where one is already changes nothing.
   */
  visit(place: string): void {
    if (this._places[this._now] === place) {
      return;
    }
    this._places = [...this._places.slice(0, this._now + 1), place].slice(
      -MOST
    );
    this._now = this._places.length - 1;
  }

  /**
   * Whether there is a place in that direction.
   */
  can(step: -1 | 1): boolean {
    return this._now + step in this._places;
  }

  /**
   * Go there; null where there is none.
   */
  go(step: -1 | 1): string | null {
    if (!this.can(step)) {
      return null;
    }
    this._now += step;
    return this._places[this._now];
  }

  private _places: readonly string[] = [];
  private _now = -1;
}
