/** What a reader has to know, each sentence once. */
export class NoteList {
  readonly #notes = new Set<string>();

  add(note: string): void {
    // A folder full of troubles is not worth more lines than these.
    if (this.#notes.size < 50) this.#notes.add(note);
  }

  list(): readonly string[] {
    return [...this.#notes];
  }
}
