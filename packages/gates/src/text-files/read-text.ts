import { describeUnread, readFileInside } from './read-file-inside.js';
import type { FileRoot } from './read-file-inside.js';

export type TextReading =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'missing' } | UnusableText;

export interface UnusableText {
  readonly kind: 'unusable';
  /** A clause, such as `it is larger than 4 bytes`. */
  readonly reason: string;
  readonly isTooLarge: boolean;
}

/**
 * The text of a file below a root, a byte order mark included, for whoever writes it back: bytes that are
 * no UTF-8 make it unusable, so that none is lost. Never throws.
 *
 * @param maxBytes A larger file is not read. @default 4 MiB
 */
export function readText(from: FileRoot, path: string, maxBytes?: number): TextReading {
  const reading = readFileInside(from, path, maxBytes);
  if (reading.kind === 'missing') return reading;
  if (reading.kind !== 'read') {
    const isTooLarge = reading.kind === 'too-large';
    return { kind: 'unusable', reason: describeUnread(reading), isTooLarge };
  }
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { kind: 'text', text: decoder.decode(reading.bytes) };
  } catch {
    return { kind: 'unusable', reason: 'it is no UTF-8', isTooLarge: false };
  }
}
