/** A part of a process's memory that a file lies in. */
export interface IMapped {
  readonly start: bigint;
  readonly end: bigint;
  /** Where that part begins in the file. */
  readonly offset: bigint;
  readonly path: string;
}

const LINE =
  /^([\da-f]{1,16})-([\da-f]{1,16}) [-rwxsp]{4} ([\da-f]{1,16}) \S{1,20} \d{1,20}\s{1,80}(\S.{0,4095})$/;

/**
 * The files in the text of `/proc/PID/maps`, by their start. Lines for memory without a file are left out.
 */
export function readMemoryMap(text: string): IMapped[] {
  const found: IMapped[] = [];
  for (const line of text.split('\n')) {
    const parts = LINE.exec(line.slice(0, 5000).trimEnd());
    if (parts) {
      found.push({
        start: BigInt(`0x${parts[1]}`),
        end: BigInt(`0x${parts[2]}`),
        offset: BigInt(`0x${parts[3]}`),
        path: parts[4].replace(/ \(deleted\)$/, '')
      });
    }
  }
  return found.sort((a, b) => (a.start < b.start ? -1 : 1));
}

/** The file that an address lies in. */
export function mappedAt(
  map: readonly IMapped[],
  address: bigint
): IMapped | null {
  let low = 0;
  let high = map.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map[middle].start <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const found = low > 0 ? map[low - 1] : null;
  return found && address < found.end ? found : null;
}
