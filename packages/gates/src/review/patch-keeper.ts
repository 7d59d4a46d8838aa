import { levelOf } from './share-room.js';

/** The change of one file, as far as it is kept. */
export interface KeptPatch {
  readonly text: string;
  /** Of the whole change. */
  readonly bytes: number;
  readonly isWhole: boolean;
}

const mark = Buffer.from('\ndiff --');

interface Draft {
  readonly pieces: Buffer[];
  kept: number;
  bytes: number;
}

/**
 * Takes the output of `git diff` apart into the changes of files and keeps of each as much as there is room
 * for at most, whatever comes after it. Its memory depends on that room and on the number of files, not on the
 * size of the changes.
 */
export class PatchKeeper {
  readonly #room: number;
  readonly #drafts: Draft[] = [];
  #kept = 0;
  #level = Number.POSITIVE_INFINITY;
  /** What may be the beginning of a mark. */
  #rest: Buffer = Buffer.from('\n');

  /** @param room Bytes that all changes may have together at last. */
  constructor(room: number) {
    this.#room = room;
  }

  readonly push = (bytes: Buffer): void => {
    let output = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      // No line of a change begins with this: it has a sign or a blank before it.
      const start = output.indexOf(mark);
      if (start === -1) break;
      this.#append(output.subarray(0, start + 1));
      this.#drafts.push({ pieces: [], kept: 0, bytes: 0 });
      this.#append(output.subarray(start + 1, start + mark.length));
      output = output.subarray(start + mark.length);
    }
    const keep = Math.min(output.length, mark.length - 1);
    this.#append(output.subarray(0, output.length - keep));
    this.#rest = Buffer.from(output.subarray(output.length - keep));
  };

  /** Takes what ended without a further mark. */
  end(): void {
    this.#append(this.#rest);
    this.#rest = Buffer.from('\n');
  }

  /** Takes the change of one more file as a whole. */
  add(text: string): void {
    this.#drafts.push({ pieces: [], kept: 0, bytes: 0 });
    this.#append(Buffer.from(text));
  }

  patches(): KeptPatch[] {
    return this.#drafts.map(({ pieces, bytes, kept }) => {
      return { text: Buffer.concat(pieces).toString(), bytes, isWhole: bytes === kept };
    });
  }

  #append(bytes: Buffer): void {
    const draft = this.#drafts.at(-1);
    if (draft === undefined) return;
    draft.bytes += bytes.length;
    const piece = bytes.subarray(0, Math.max(0, Math.min(this.#level, this.#room) - draft.kept));
    if (piece.length === 0) return;
    // Not a view: a few bytes would keep the whole output that they came with.
    draft.pieces.push(Buffer.from(piece));
    draft.kept += piece.length;
    this.#kept += piece.length;
    if (this.#kept > 2 * this.#room) this.#makeRoom();
  }

  /** What comes later can only lower the level: nothing goes that could be shown at last. */
  #makeRoom(): void {
    this.#level = levelOf(
      this.#drafts.map(({ kept }) => kept),
      this.#room,
    );
    for (const draft of this.#drafts) {
      if (draft.kept <= this.#level) continue;
      const kept = Buffer.from(Buffer.concat(draft.pieces).subarray(0, this.#level));
      draft.pieces.splice(0, Infinity, kept);
      draft.kept = kept.length;
    }
    this.#kept = this.#drafts.reduce((sum, { kept }) => sum + kept, 0);
  }
}
