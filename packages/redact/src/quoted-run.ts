import type { Run } from './matcher.js';

const backslash = 0x5c;

/**
 * To the quote that closes a text, which is not part of it, or the end of its line. With `depth`
 * backslashes before the opening quote the text lies within another quoted text, and so many more
 * stand before its own quotes.
 */
export function quotedRun(quote: number, depth: number): Run {
  let backslashes = 0;

  function closes(): boolean {
    return backslashes < depth || backslashes % (2 * (depth + 1)) === depth;
  }

  return {
    key: `quoted ${quote} ${depth}`,
    isOpaque: false,
    trailingBackslashes: () => Math.min(backslashes, depth),
    findEnd: (data, from) => {
      for (let index = from; index < data.length; index++) {
        const byte = data[index];
        if (byte === 0x0a || byte === 0x0d) {
          backslashes = 0;
          return index;
        }
        if (byte === quote && closes()) return index;
        backslashes = byte === backslash ? backslashes + 1 : 0;
      }
      return -1;
    },
  };
}
