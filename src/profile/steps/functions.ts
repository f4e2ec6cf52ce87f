import { indexColumn, NONE } from '../indices';
import type { FunctionKind, IFunctions, IProfile } from '../model';

/** A function that stands for others. */
export interface IFunctionParts {
  readonly name: string;
  readonly qualified: string;
  readonly kind: FunctionKind;
  /** Row of `objects`, or `NONE`. */
  readonly object: number;
}

/** The whole name of a function. What is no function is called as it is. */
export function fullName(
  { name, qualified, kind }: IFunctions,
  func: number
): string {
  return (kind[func] !== 'pseudo' && qualified[func]) || name[func];
}

/** The functions with some more behind them, and where these are. */
export function withFunctions(
  { functions }: IProfile,
  more: readonly IFunctionParts[]
): { functions: IFunctions; added: readonly number[] } {
  const longer = <A extends Int32Array | Float64Array>(
    column: A,
    tail: ArrayLike<number>,
    make: (length: number) => A
  ): A => {
    const all = make(functions.length + more.length);
    all.set(column);
    all.set(tail, functions.length);
    return all;
  };
  const ints = (length: number) => new Int32Array(length);
  return {
    added: more.map((_, i) => functions.length + i),
    functions: {
      length: functions.length + more.length,
      name: [...functions.name, ...more.map(({ name }) => name)],
      qualified: [
        ...functions.qualified,
        ...more.map(({ qualified }) => qualified)
      ],
      file: indexColumn(
        longer<Int32Array>(
          functions.file,
          more.map(() => NONE),
          ints
        )
      ),
      line: longer(
        functions.line,
        more.map(() => 0),
        length => new Float64Array(length)
      ),
      kind: [...functions.kind, ...more.map(({ kind }) => kind)],
      object: indexColumn(
        longer<Int32Array>(
          functions.object,
          more.map(({ object }) => object),
          ints
        )
      )
    }
  };
}
