/** Text, or bytes that are no text. */
export type Part = string | Uint8Array;

const chunkBytes = 2 ** 20;

/** Parts in chunks of about a MiB, so that what is made is never all in memory. */
export function* chunksOf(parts: Iterable<Part>): Generator<Buffer, void, void> {
  let text = '';
  let pending: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      if (text !== '') pending.push(Buffer.from(text));
      text = '';
      pending.push(Buffer.from(part));
    }
    size += part.length;
    if (size < chunkBytes) continue;
    if (text !== '') pending.push(Buffer.from(text));
    yield pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
    text = '';
    pending = [];
    size = 0;
  }
  if (text !== '') pending.push(Buffer.from(text));
  if (pending.length > 0) yield Buffer.concat(pending);
}

/** So many of the parts that there are exactly `bytes`, the last one cut. */
export function* cutAt(chunks: Iterable<Buffer>, bytes: number): Generator<Buffer, void, void> {
  let left = bytes;
  for (const chunk of chunks) {
    if (left <= 0) return;
    yield chunk.byteLength <= left ? chunk : chunk.subarray(0, left);
    left -= chunk.byteLength;
  }
}
