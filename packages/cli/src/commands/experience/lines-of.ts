/** Of a longer line only the beginning is handed on: enough to see that it is too long. */
const maxLineBytes = 2 * 1024 * 1024;

const newline = 10;

/** The lines of a text that comes in pieces; of each at most two mebibytes are held. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  const hold = (part: Uint8Array): void => {
    if (bytes < maxLineBytes) held.push(part.subarray(0, maxLineBytes - bytes));
    bytes += part.byteLength;
  };
  const release = (): string => {
    const line = Buffer.concat(held).toString('utf8');
    held = [];
    bytes = 0;
    return line;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      hold(piece.subarray(start, end));
      yield release();
      start = end + 1;
    }
    hold(piece.subarray(start));
  }
  if (bytes > 0) yield release();
}
