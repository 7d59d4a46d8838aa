const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/**
 * A 32-bit checksum, the state of a linear shift register that takes a word at a time: a change of one
 * word always shows, other changes but for one in four thousand million. It finds accidents, not
 * forgeries.
 *
 * Not that of `node:zlib` or `node:crypto`: to load either takes a short process longer than the few
 * KiB that are checked here.
 */
export function checksumOf(bytes: Uint8Array): number {
  const words = wordsOf(bytes);
  // The length tells apart what differs in how many zeros it ends with.
  let sum = ~bytes.byteLength;
  let at = 0;
  // No iterator: a short process runs this interpreted, where one doubles the time.
  while (at < words.length) {
    sum ^= words[at] ?? 0;
    sum ^= sum << 13;
    sum ^= sum >>> 17;
    sum ^= sum << 5;
    at += 1;
  }
  return sum >>> 0;
}

/** The same in eight hexadecimal digits. */
export function checksumText(bytes: Uint8Array): string {
  return checksumOf(bytes).toString(16).padStart(8, '0');
}

/** A copy, for views need aligned memory, filled up with zeros. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(Math.ceil(bytes.byteLength / WORD_BYTES));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}
