/**
 * Finds the lines that can speak of given domains by a search over bytes, so that only those are parsed.
 * It never misses one: a domain stands in its line as `JSON.stringify` writes it, or with an escape that
 * need not be there, and lines with such an escape are found too.
 */
export class NeedleSearch {
  readonly #needles: readonly Needle[];
  readonly #found: number[];
  #isAimed = false;
  #bytes: Buffer = Buffer.alloc(0);

  private constructor(needles: readonly Needle[]) {
    this.#needles = needles;
    this.#found = needles.map(() => 0);
  }

  /** `undefined` where every line has to be parsed. */
  static for(domains: ReadonlySet<string>): NeedleSearch | undefined {
    // More searches take longer than parsing does.
    if (domains.size > MOST_DOMAINS) return undefined;
    const texts = [...domains].map((domain) => JSON.stringify(domain));
    // Bytes that are no UTF-8 are read as this character, whatever they are.
    if (texts.some((text) => text.includes('\uFFFD'))) return undefined;
    const escapes = texts.some((text) => text.includes('/')) ? ['\\u', '\\/'] : ['\\u'];
    return new NeedleSearch([...texts, ...escapes].map((text) => new Needle(text)));
  }

  /** Begins with other bytes. */
  start(bytes: Buffer): void {
    this.#bytes = bytes;
    for (let nth = 0; nth < this.#found.length; nth++) this.#found[nth] = -1;
    if (this.#isAimed || bytes.byteLength < AIM_FROM_BYTES) return;
    this.#isAimed = true;
    const counts = countBytes(bytes.subarray(0, SAMPLE_BYTES));
    for (const needle of this.#needles) needle.aim(counts);
  }

  /** The first place of any needle at a position or behind it; `Infinity` without one. */
  next(position: number): number {
    let nearest = Infinity;
    for (let nth = 0; nth < this.#needles.length; nth++) {
      let found = this.#found[nth] ?? -1;
      if (found < position) {
        found = this.#needles[nth]?.findIn(this.#bytes, position) ?? Infinity;
        this.#found[nth] = found;
      }
      if (found < nearest) nearest = found;
    }
    return nearest;
  }
}

const MOST_DOMAINS = 8;

/** Less is searched before it is known what is rare in it. */
const AIM_FROM_BYTES = 64 * 1024;
const SAMPLE_BYTES = 8 * 1024;

/** Longer patterns are searched for by tables that are made anew each time. */
const MOST_AIMED_BYTES = 6;
const FEWEST_AIMED_BYTES = 3;

/**
 * A text to be found, by a short part of it that begins with a byte that is rare where it is looked for:
 * its quotes are everywhere in a log.
 */
class Needle {
  readonly #bytes: Buffer;
  #part: Buffer;
  #partAt = 0;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
    this.#part = this.#bytes;
  }

  aim(counts: Uint16Array): void {
    const { byteLength } = this.#bytes;
    if (byteLength <= MOST_AIMED_BYTES) return;
    let rarest = Infinity;
    for (let at = 0; at <= byteLength - FEWEST_AIMED_BYTES; at++) {
      const count = counts[this.#bytes[at] ?? 0] ?? 0;
      // As late as possible: what comes early in a name is often shared by others.
      if (count > rarest) continue;
      rarest = count;
      this.#partAt = at;
    }
    this.#part = this.#bytes.subarray(this.#partAt, this.#partAt + MOST_AIMED_BYTES);
  }

  /** The first place at a position or behind it; `undefined` without one. */
  findIn(bytes: Buffer, position: number): number | undefined {
    let at = bytes.indexOf(this.#part, position + this.#partAt);
    while (at >= 0) {
      if (this.#isAt(bytes, at - this.#partAt)) return at - this.#partAt;
      at = bytes.indexOf(this.#part, at + 1);
    }
    return undefined;
  }

  #isAt(bytes: Buffer, start: number): boolean {
    for (let nth = 0; nth < this.#bytes.byteLength; nth++) {
      if (bytes[start + nth] !== this.#bytes[nth]) return false;
    }
    return true;
  }
}

function countBytes(bytes: Buffer): Uint16Array {
  const counts = new Uint16Array(256);
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  return counts;
}
