import { crc32 } from 'node:zlib';

/** CRC-32 in eight hexadecimal digits. It finds accidents, not forgeries. */
export function checksumText(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
