/** 64 bits of a run id in two lanes. Both are signed, so that they stay small integers. */
export interface RunHash {
  /** Its highest bits are as good as any: `high >>> (32 - n)` spreads runs evenly over 2^n places. */
  readonly high: number;
  readonly low: number;
}

/**
 * Hashes run ids by the bytes of their UTF-8. The lanes share no constant, so two ids that meet in one
 * are no likelier to meet in the other; whoever needs certainty compares the ids themselves.
 */
export class RunHasher implements RunHash {
  high = 0;
  low = 0;

  /** Leaves the hash of the bytes from `start` to `end` in `high` and `low`. */
  hash(view: DataView, start: number, end: number): void {
    let high = 0x2545f491;
    let low = 0x6c078965;
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at, true);
      high = mixHigh(high, word);
      low = mixLow(low, word);
    }
    let rest = 0;
    for (let shift = 0; at < end; at += 1, shift += 8) rest |= view.getUint8(at) << shift;
    // The length tells ids apart that differ only in how many zero bytes they end with.
    const length = end - start;
    this.high = finish(mixHigh(high, rest) ^ length);
    this.low = finish(mixLow(low, rest) ^ Math.imul(length, 0x9e3779b1));
  }

  /** The same for the UTF-8 of a text. */
  hashText(runId: string): void {
    const bytes = Buffer.from(runId, 'utf8');
    this.hash(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength);
  }
}

/** The same hash as that of the id's bytes; lone surrogates count as U+FFFD. */
export function hashText(runId: string): RunHash {
  const hasher = new RunHasher();
  hasher.hashText(runId);
  return hasher;
}

function mixHigh(lane: number, word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  const turned = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593) ^ lane;
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

function mixLow(lane: number, word: number): number {
  const mixed = Math.imul(word, 0x239b961b);
  const turned = Math.imul((mixed << 17) | (mixed >>> 15), 0x38b34ae5) ^ lane;
  return (Math.imul((turned << 19) | (turned >>> 13), 5) + 0x561ccd1b) | 0;
}

/** Lets every bit of a lane depend on every other. */
function finish(lane: number): number {
  let mixed = lane;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
