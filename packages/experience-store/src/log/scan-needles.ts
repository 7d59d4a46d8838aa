/**
 * Finds the lines that can speak of given domains by a search over bytes, so that only those are parsed.
 * It never misses one: a domain stands in its line as `JSON.stringify` writes it, or with an escape that
 * need not be there, and lines with such an escape are found too.
 */
export class NeedleSearch {
  readonly #needles: readonly Buffer[];
  readonly #found: number[];
  #bytes: Buffer = Buffer.alloc(0);

  private constructor(needles: readonly Buffer[]) {
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
    return new NeedleSearch([...texts, ...escapes].map((text) => Buffer.from(text)));
  }

  /** Begins with other bytes. */
  start(bytes: Buffer): void {
    this.#bytes = bytes;
    for (let nth = 0; nth < this.#found.length; nth++) this.#found[nth] = -1;
  }

  /** The first place of any needle at a position or behind it; `Infinity` without one. */
  next(position: number): number {
    let nearest = Infinity;
    for (let nth = 0; nth < this.#needles.length; nth++) {
      let found = this.#found[nth] ?? -1;
      if (found < position) {
        const at = this.#bytes.indexOf(this.#needles[nth] ?? '', position);
        found = at < 0 ? Infinity : at;
        this.#found[nth] = found;
      }
      if (found < nearest) nearest = found;
    }
    return nearest;
  }
}

const MOST_DOMAINS = 8;
