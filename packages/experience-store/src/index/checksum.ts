/**
 * A checksum of 32 bits that finds every accident within one word and nearly all others, not forgeries.
 * Murmur's mixing, four bytes at a time: in a process that has just started, loading `node:zlib` takes
 * longer than this does for the few kilobytes of an index.
 */
export function checksumOf(bytes: Uint8Array, seed = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = bytes.byteLength & ~3;
  let hash = seed;
  for (let at = 0; at < words; at += 4) hash = mixIn(hash, view.getUint32(at, true));
  let rest = 0;
  for (let at = words; at < bytes.byteLength; at++) rest = (rest << 8) | view.getUint8(at);
  return finish(mixIn(hash, rest) ^ bytes.byteLength);
}

/** As `checksumOf`, in 8 hex digits. */
export function checksumText(bytes: Uint8Array, seed = 0): string {
  return hex8(checksumOf(bytes, seed));
}

export function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function mixIn(hash: number, word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  const turned = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593) ^ hash;
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
