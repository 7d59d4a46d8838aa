import { checksumBytes, withChecksum } from './manifest-checksum.js';
import type { Manifest, Observability } from './manifest.js';

export interface EncodedManifest {
  readonly text: string;
  /** What the text itself says under `observability`. */
  readonly observability: Observability;
}

/**
 * The text of `manifest.json`: two spaces, a final newline, a checksum as the last member. The size
 * that the record states includes the text that states it, so it is found as the number whose own
 * digits make it true.
 */
export function encodeManifest(manifest: Manifest, before: Observability): EncodedManifest {
  const blank = JSON.stringify(
    { ...manifest, observability: { ...before, manifest_bytes: 0 } },
    null,
    2,
  );
  const sizeWithoutDigits = Buffer.byteLength(blank) - 1 + '\n'.length + checksumBytes;
  const manifestBytes = sumWithOwnDigits(before.manifest_bytes + sizeWithoutDigits);
  // `observability` is the last member, and quotes inside of strings are escaped.
  const at = blank.lastIndexOf(sizeMember);
  const text = `${blank.slice(0, at)}${sizeMember}${manifestBytes}${blank.slice(at + sizeMember.length + 1)}\n`;
  return { text: withChecksum(text), observability: { ...before, manifest_bytes: manifestBytes } };
}

const sizeMember = '"manifest_bytes": ';

/** The smallest `n` with `n = base + (number of digits of n)`. */
function sumWithOwnDigits(base: number): number {
  let digits = 1;
  while (String(base + digits).length > digits) digits += 1;
  return base + digits;
}
