/** The start of a text, in at most this many bytes of UTF-8, cut between characters. */
export function clipEnd(text: string, maxBytes: number): string {
  if (fits(text, maxBytes)) return text;
  const bytes = Buffer.from(text.slice(0, maxBytes));
  let end = Math.min(maxBytes, bytes.byteLength);
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** The end of a text, in at most this many bytes of UTF-8, cut between characters. */
export function clipStart(text: string, maxBytes: number): string {
  if (fits(text, maxBytes)) return text;
  const bytes = Buffer.from(text.slice(-maxBytes));
  let start = Math.max(0, bytes.byteLength - maxBytes);
  while (isContinuation(bytes[start])) start += 1;
  return bytes.toString('utf8', start);
}

function fits(text: string, maxBytes: number): boolean {
  // No character of UTF-16 takes more than three bytes.
  return text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
