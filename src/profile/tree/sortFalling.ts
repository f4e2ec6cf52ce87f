/** Up to so many items, inserting is faster than merging. */
const FEW = 24;

/**
 * Sort a part of a list by falling key; items of one key stay in their order. No allocation but for `scratch`, and
 * never worse than n log n: a loop may call a hundred thousand different functions.
 *
 * @param items - what is sorted in place, from `from` up to `to`
 * @param keys - the key of each item
 * @param scratch - as long as `items`
 */
export function sortFalling(
  items: Int32Array,
  from: number,
  to: number,
  keys: Float64Array,
  scratch: Int32Array
): void {
  for (let start = from; start < to; start += FEW) {
    insertFalling(items, start, Math.min(start + FEW, to), keys);
  }
  for (let run = FEW; run < to - from; run *= 2) {
    for (let start = from; start + run < to; start += 2 * run) {
      mergeFalling(
        items,
        start,
        start + run,
        Math.min(start + 2 * run, to),
        keys,
        scratch
      );
    }
  }
}

function insertFalling(
  items: Int32Array,
  from: number,
  to: number,
  keys: Float64Array
): void {
  for (let i = from + 1; i < to; i++) {
    const item = items[i];
    const key = keys[item];
    let at = i - 1;
    while (at >= from && keys[items[at]] < key) {
      items[at + 1] = items[at];
      at--;
    }
    items[at + 1] = item;
  }
}

/** Make two sorted runs that stand side by side one. */
function mergeFalling(
  items: Int32Array,
  from: number,
  middle: number,
  to: number,
  keys: Float64Array,
  scratch: Int32Array
): void {
  if (keys[items[middle - 1]] >= keys[items[middle]]) {
    return;
  }
  scratch.set(items.subarray(from, middle), from);
  let left = from;
  let right = middle;
  let out = from;
  while (left < middle && right < to) {
    items[out++] =
      keys[items[right]] > keys[scratch[left]]
        ? items[right++]
        : scratch[left++];
  }
  while (left < middle) {
    items[out++] = scratch[left++];
  }
}
