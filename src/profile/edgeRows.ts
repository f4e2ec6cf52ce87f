/**
 * The rows of a table of edges: one for each caller, callee and thread, in order of first appearance.
 *
 * A large tree asks for a row a node; a map by texts would take most of the time that its table does.
 */
export class EdgeRows {
  readonly callers: number[] = [];
  readonly callees: number[] = [];
  readonly threads: number[] = [];

  get length(): number {
    return this.callers.length;
  }

  /** The row of these, which is made if there is none. */
  row(caller: number, callee: number, thread: number): number {
    let place = hash(caller, callee, thread) & this._mask;
    for (;;) {
      const row = this._places[place] - 1;
      if (row < 0) {
        break;
      }
      if (
        this.callees[row] === callee &&
        this.callers[row] === caller &&
        this.threads[row] === thread
      ) {
        return row;
      }
      place = (place + 1) & this._mask;
    }
    const row = this.length;
    this.callers.push(caller);
    this.callees.push(callee);
    this.threads.push(thread);
    this._places[place] = row + 1;
    if (row * 2 > this._mask) {
      this._grow();
    }
    return row;
  }

  private _grow(): void {
    this._mask = this._mask * 2 + 1;
    this._places = new Int32Array(this._mask + 1);
    for (let row = 0; row < this.length; row++) {
      let place =
        hash(this.callers[row], this.callees[row], this.threads[row]) &
        this._mask;
      while (this._places[place] !== 0) {
        place = (place + 1) & this._mask;
      }
      this._places[place] = row + 1;
    }
  }

  /** Row + 1 by hash, 0 for none. */
  private _places = new Int32Array(1024);
  private _mask = 1023;
}

function hash(caller: number, callee: number, thread: number): number {
  let mixed =
    Math.imul(caller + 1, 0x9e3779b1) ^
    Math.imul(callee + 1, 0x85ebca6b) ^
    Math.imul(thread, 0xc2b2ae35);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
