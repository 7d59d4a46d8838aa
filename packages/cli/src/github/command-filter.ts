const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const hash = 0x23;
const colon = 0x3a;
const bracket = 0x5b;
const firstNotAscii = 0x7f;

/**
 * Takes the power from lines that GitHub Actions would read as workflow commands, by a space in their
 * marker: `::error::` at the start of a line, after whatever the service may take for blank, and
 * `##[error]` anywhere. All other bytes pass unchanged. Nothing is held back, so a marker may arrive in
 * pieces.
 */
export class CommandFilter {
  /** What the line holds so far: blanks at most, a colon after them, or anything else. */
  #line: 'blank' | 'colon' | 'text' = 'blank';
  #hashes = 0;
  #last = newline;

  /** Whether the last byte that passed ended a line. */
  get isAtLineBreak(): boolean {
    return this.#last === newline;
  }

  push(bytes: Uint8Array): Uint8Array {
    const pieces: Uint8Array[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      if (!this.#completesMarker(bytes[at] ?? 0)) continue;
      pieces.push(bytes.subarray(start, at), Uint8Array.of(space));
      start = at;
    }
    return pieces.length === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(start)]);
  }

  #completesMarker(byte: number): boolean {
    const completes =
      (byte === colon && this.#line === 'colon') || (byte === bracket && this.#hashes >= 2);
    if (byte === newline || byte === carriageReturn) this.#line = 'blank';
    else if (byte === colon && this.#line === 'blank') this.#line = 'colon';
    else if (this.#line === 'colon' || !isBlank(byte)) this.#line = 'text';
    this.#hashes = byte === hash ? this.#hashes + 1 : 0;
    this.#last = byte;
    return completes;
  }
}

/** Generous: every byte of other scripts counts, since some of their characters are blanks. */
function isBlank(byte: number): boolean {
  return byte <= space || byte >= firstNotAscii;
}
