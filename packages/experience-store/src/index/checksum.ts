/**
 * A checksum of 32 bits that finds every accident within one word and nearly all others, not forgeries.
 * Made for a process that has just started: loading `node:zlib` for a better one takes longer than all else
 * that a look-up does, so one short loop over words has to do.
 */
export function checksumOf(bytes: Uint8Array, seed = 0): number {
  const aligned = (bytes.byteOffset & 3) === 0 ? bytes : Uint8Array.from(bytes);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >>> 2);
  let hash = seed ^ aligned.byteLength;
  const { imul } = Math;
  // By place: an iterator takes twice as long in code that runs for the first time.
  for (let at = 0, count = words.length; at < count; at++) {
    hash = imul(hash ^ (words[at] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (let at = aligned.byteLength & ~3; at < aligned.byteLength; at++) {
    hash = Math.imul(hash ^ (aligned[at] ?? 0), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** As `checksumOf`, in 8 hex digits. */
export function checksumText(bytes: Uint8Array, seed = 0): string {
  return hex8(checksumOf(bytes, seed));
}

export function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}
