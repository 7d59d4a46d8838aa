/** The beginning of a text within so many bytes of UTF-8, with a mark where it is cut. */
export function cutEnd(text: string, maxBytes: number): string {
  if (fits(text, maxBytes)) return text;
  const mark = '\n[cut]';
  const kept = Buffer.from(text).subarray(0, Math.max(0, maxBytes - mark.length));
  // A character that was cut in two decodes to a mark of its own, which is taken off again.
  return fits(mark, maxBytes) ? kept.toString().replace(/\ufffd{1,3}$/u, '') + mark : '';
}

/** The end of a text within so many bytes of UTF-8, with a mark where it is cut. */
export function cutStart(text: string, maxBytes: number): string {
  if (fits(text, maxBytes)) return text;
  const mark = '[cut]\n';
  const bytes = Buffer.from(text);
  const kept = bytes.subarray(bytes.length - Math.max(0, maxBytes - mark.length));
  return fits(mark, maxBytes) ? mark + kept.toString().replace(/^\ufffd{1,3}/u, '') : '';
}

function fits(text: string, maxBytes: number): boolean {
  return Buffer.byteLength(text) <= maxBytes;
}
