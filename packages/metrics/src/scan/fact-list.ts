/** Longer lists are read as a whole, without keeping what they need for the next line. */
const MAX_LENGTH = 256;

/** Facts of the members of a list, which the members of the next list overwrite. */
export class FactList<Facts> {
  readonly #make: () => Facts;
  readonly #members: Facts[] = [];
  /** By length: cutting one array short, or making one per line, costs more than having them all. */
  readonly #lists: (readonly Facts[])[] = [];
  #length = 0;

  constructor(make: () => Facts) {
    this.#make = make;
  }

  clear(): void {
    this.#length = 0;
  }

  /** The next member to be written to; `undefined` where the list is too long. */
  next(): Facts | undefined {
    if (this.#length === MAX_LENGTH) return undefined;
    const member = (this.#members[this.#length] ??= this.#make());
    this.#length += 1;
    return member;
  }

  get list(): readonly Facts[] {
    return (this.#lists[this.#length] ??= this.#members.slice(0, this.#length));
  }
}
