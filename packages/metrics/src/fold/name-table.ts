/** Numbers that stand for names, in the order in which the names were first seen. */
export class NameTable {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** By number: that of the name that came after it. */
  readonly #followers: number[] = [];
  #last = 0;

  get names(): readonly string[] {
    return this.#names;
  }

  numberOf(name: string): number {
    // Names mostly follow one another as they did before.
    const expected = this.#followers[this.#last] ?? 0;
    const number = this.#names[expected] === name ? expected : this.#find(name);
    this.#last = number;
    return number;
  }

  #find(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.push(name) - 1;
      this.#numbers.set(name, number);
      this.#followers.push(0);
    }
    this.#followers[this.#last] = number;
    return number;
  }

  /** @throws RangeError when no name has that number. */
  nameOf(number: number): string {
    const name = this.#names[number];
    if (name === undefined) throw new RangeError(`Expected the number of a name, got ${number}`);
    return name;
  }
}
