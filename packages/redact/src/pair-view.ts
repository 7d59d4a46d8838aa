/** Bytes as pairs, as far as they can be seen as such. */
export interface PairView {
  /** Nothing for little data: a view would cost more than it saves. */
  readonly pairs: Uint16Array | undefined;
  /** Of the first pair within the data. */
  readonly offset: number;
  /** From here on the pairs that are looked at cannot tell of a start. */
  readonly tail: number;
}

/** Bytes that are looked at one by one. */
export const noPairs: PairView = { pairs: undefined, offset: 0, tail: 0 };

const minViewBytes = 64;
/** Every other pair is looked at. */
const stepBytes = 4;

export function pairView(data: Uint8Array): PairView {
  if (data.length < minViewBytes) return noPairs;
  const offset = data.byteOffset & 1;
  const length = (data.length - offset) >> 1;
  const pairs = new Uint16Array(data.buffer, data.byteOffset + offset, length);
  const lastLookedAt = offset + stepBytes * Math.floor((length - 1) / 2);
  return { pairs, offset, tail: lastLookedAt + 1 };
}

/** The number that a pair view reads from two bytes on this machine. */
export function pairOf(first: number, second: number, isLittleEndian: boolean): number {
  return isLittleEndian ? first | (second << 8) : (first << 8) | second;
}
