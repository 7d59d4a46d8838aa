const ellipsis = '…';

/** The text, or as much of its beginning as fits in so many bytes of UTF-8 with an ellipsis behind it. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let room = maxBytes - Buffer.byteLength(ellipsis);
  let end = 0;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    end += character.length;
  }
  return end === 0 ? '' : `${text.slice(0, end)}${ellipsis}`;
}
