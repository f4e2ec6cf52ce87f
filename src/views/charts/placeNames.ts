/** A circle on the screen, in px, y from above. */
export interface ICircle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Where a name stands beside its circle, as plotly calls it. */
export type NamePosition =
  'top center' | 'middle right' | 'bottom center' | 'middle left';

interface IBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Width and height of a character, and the gap to the circle, in px. */
const WIDTH = 7.2;
const HEIGHT = 15;
const GAP = 2;

/**
 * Find room for names beside circles, so that no name lies on another, on a named circle, or outside. The first names
 * go first.
 *
 * @param names - "" for circles that are not named
 * @param size - width and height within which names must be
 * @returns null for each name that has no room
 */
export function placeNames(
  names: readonly string[],
  circles: readonly ICircle[],
  size: readonly [number, number]
): (NamePosition | null)[] {
  const taken: IBox[] = [];
  names.forEach((name, i) => {
    if (name) {
      const { x, y, radius } = circles[i];
      taken.push(boxAt(x - radius, y - radius, 2 * radius, 2 * radius));
    }
  });
  return names.map((name, i) => {
    if (!name) {
      return null;
    }
    for (const [position, box] of choices(name, circles[i])) {
      const isInside =
        box.left >= 0 &&
        box.top >= 0 &&
        box.right <= size[0] &&
        box.bottom <= size[1];
      if (isInside && !taken.some(other => overlap(box, other))) {
        taken.push(box);
        return position;
      }
    }
    return null;
  });
}

function choices(
  name: string,
  { x, y, radius }: ICircle
): [NamePosition, IBox][] {
  const width = name.length * WIDTH;
  const away = radius + GAP;
  const at = (left: number, top: number) => boxAt(left, top, width, HEIGHT);
  return [
    ['top center', at(x - width / 2, y - away - HEIGHT)],
    ['middle right', at(x + away, y - HEIGHT / 2)],
    ['bottom center', at(x - width / 2, y + away)],
    ['middle left', at(x - away - width, y - HEIGHT / 2)]
  ];
}

function boxAt(left: number, top: number, width: number, height: number): IBox {
  return { left, top, right: left + width, bottom: top + height };
}

function overlap(a: IBox, b: IBox): boolean {
  return (
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  );
}
