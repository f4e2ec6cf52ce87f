/**
 * Reading JSON that nobody has checked. Only own properties are looked at, so that names such as `constructor` or
 * `__proto__` in a payload mean nothing.
 */
import { describe, WireError } from './error';

/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * An own property of an object; undefined if there is none.
 */
export function property(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * The value as an object. Throws `WireError` if it is none.
 */
export function objectAt(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireError(where, 'an object', describe(value));
  }
  return value as JsonObject;
}

/**
 * The value as a list; an empty one where there is none. Throws `WireError` if it is something else.
 */
export function listAt(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new WireError(where, 'a list', describe(value));
  }
  return value;
}

/**
 * Reads the properties of one object, each with its type; a message has the property's place in it.
 *
 * Methods take what to return where the property is missing. Without that the property is required.
 */
export class ObjectReader {
  constructor(value: unknown, where: string) {
    this._object = objectAt(value, where);
    this._where = where;
  }

  /** The value of a property, unchecked. */
  raw(key: string): unknown {
    return property(this._object, key);
  }

  /** Names of the properties. */
  keys(): string[] {
    return Object.keys(this._object);
  }

  /** Where a property lies. */
  where(key: string): string {
    return this._where === '' ? key : `${this._where}.${key}`;
  }

  /** A text. */
  text(key: string, missing?: string): string {
    return this._read(key, 'a text', isText, missing);
  }

  /** A text or null. */
  optionalText(key: string): string | null {
    return this._read(key, 'a text or null', orNull(isText), null);
  }

  /** A finite number. */
  number(key: string, missing?: number): number {
    return this._read(key, 'a finite number', isNumber, missing);
  }

  /** A finite number or null. */
  optionalNumber(key: string): number | null {
    return this._read(key, 'a finite number or null', orNull(isNumber), null);
  }

  /** A whole number from 0 on. */
  whole(key: string, missing?: number): number {
    return this._read(key, 'a whole number from 0 on', isWhole, missing);
  }

  /** A whole number from 0 on, or null. */
  optionalWhole(key: string): number | null {
    const expected = 'a whole number from 0 on, or null';
    return this._read(key, expected, orNull(isWhole), null);
  }

  /** True or false. */
  flag(key: string, missing?: boolean): boolean {
    return this._read(key, 'true or false', isFlag, missing);
  }

  /** True, false or null. */
  optionalFlag(key: string): boolean | null {
    return this._read(key, 'true, false or null', orNull(isFlag), null);
  }

  /** An object within this one; an empty one where it is missing. */
  object(key: string): ObjectReader {
    const value = this.raw(key);
    return new ObjectReader(value === undefined ? {} : value, this.where(key));
  }

  /** An object within this one; an empty one where it is missing or null. */
  optionalObject(key: string): ObjectReader {
    return new ObjectReader(this.raw(key) ?? {}, this.where(key));
  }

  /** Each item of a list as an object. */
  objects<T>(key: string, read: (item: ObjectReader) => T): T[] {
    const where = this.where(key);
    return listAt(this.raw(key), where).map((item, i) =>
      read(new ObjectReader(item, `${where}[${i}]`))
    );
  }

  private _read<T>(
    key: string,
    expected: string,
    is: (value: unknown) => value is T,
    missing?: T
  ): T {
    const value = this.raw(key);
    if (value === undefined && missing !== undefined) {
      return missing;
    }
    if (!is(value)) {
      throw new WireError(this.where(key), expected, describe(value));
    }
    return value;
  }

  private readonly _object: JsonObject;
  private readonly _where: string;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function orNull<T>(
  is: (value: unknown) => value is T
): (value: unknown) => value is T | null {
  return (value): value is T | null => value === null || is(value);
}
