import { oneOf, texts } from './viewState';

/** Units of the times of lines. */
export const LINE_UNITS = ['auto', 's', 'ms', 'µs', 'ns'] as const;

/** A unit of the times of lines; `auto`: for each what fits it. */
export type LineUnit = (typeof LINE_UNITS)[number];

/** What a reader has chosen in the view of lines; plain, as all of the view state. */
export interface ILinesState {
  /** Keys of the functions whose lines are shown though little of the time went there. */
  readonly open: readonly string[];
  /** Keys of the functions whose lines are not shown though much of the time went there. */
  readonly shut: readonly string[];
  /** Whether lines without time are left out. */
  readonly timed: boolean;
  readonly unit: LineUnit;
}

/** What a reader who has chosen nothing sees. */
export const DEFAULT_LINES_STATE: ILinesState = {
  open: [],
  shut: [],
  timed: false,
  unit: 'auto'
};

/**
 * Read what is stored of it in a view state. What is not as it should be has its default.
 */
export function readLinesState(stored: unknown): ILinesState {
  const of = (name: keyof ILinesState): unknown =>
    typeof stored === 'object' && stored !== null && Object.hasOwn(stored, name)
      ? Reflect.get(stored, name)
      : undefined;
  const { open, shut, unit } = DEFAULT_LINES_STATE;
  return {
    open: texts(of('open')) ?? open,
    shut: texts(of('shut')) ?? shut,
    timed: of('timed') === true,
    unit: oneOf(LINE_UNITS, of('unit'), unit)
  };
}
