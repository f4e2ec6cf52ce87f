import { shown } from './error';
import type { TextLines } from './textLines';

const COMPRESSED = /^\((\d+)\)(?:\s+(.*))?$/;

/** Names of one kind, each written once and called by its number from then on. */
export class NameSpace {
  resolve(text: string, lines: TextLines): string {
    const parts = COMPRESSED.exec(text);
    if (!parts) {
      return text;
    }
    const [, id, name] = parts;
    if (name !== undefined && name !== '') {
      this._names.set(id, name);
      return name;
    }
    const known = this._names.get(id);
    if (known === undefined) {
      throw lines.error(`Expected a name for the number ${shown(id)}`);
    }
    return known;
  }

  private readonly _names = new Map<string, string>();
}

/**
 * A position: absolute, `*` for the one before, or relative to that, as `+3`.
 */
export function positionOf(
  word: string,
  last: number,
  lines: TextLines
): number {
  const position =
    word === '*'
      ? last
      : word.startsWith('+')
        ? last + numberOf(word.slice(1))
        : word.startsWith('-')
          ? last - numberOf(word.slice(1))
          : numberOf(word);
  if (!Number.isFinite(position)) {
    throw lines.error(`Expected a position, found ${shown(word)}`);
  }
  return Math.max(0, position);
}

/** As `callgrind-3.19.0`, or `xdebug 3.1.0`. */
export function engineOf(creator: string): { name: string; version: string } {
  const at = creator.search(/[- ]v?\d/);
  return at < 0
    ? { name: creator, version: '' }
    : { name: creator.slice(0, at), version: creator.slice(at + 1) };
}

/** Decimal or hexadecimal; NaN for what is neither. */
export function numberOf(word: string): number {
  return /^(?:\d+|0x[\da-fA-F]+)$/.test(word) ? Number(word) : NaN;
}
