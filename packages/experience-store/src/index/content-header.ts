import { checksumOf } from './checksum.js';
import { domainHashOf } from './domain-hash.js';
import { SLOT_BYTES } from './content-slots.js';

export const HEADER_BYTES = 64;
const MAGIC = 'EXPCONT1';
const GENERATION_AT = 8;
const BITS_AT = 24;
const USED_AT = 28;
const CHECKSUM_AT = 32;

export const MIN_CAPACITY_BITS = 10;
/** Four million slots, 32 MiB. Of what comes when they are used, duplicates are not noticed. */
export const MAX_CAPACITY_BITS = 22;

export interface ContentHeader {
  readonly capacityBits: number;
  readonly used: number;
}

export function encodeHeader(generation: string, { capacityBits, used }: ContentHeader): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  // In a fixed length, whatever names generations.
  header.write(domainHashOf(generation), GENERATION_AT, 'latin1');
  header.writeUInt32LE(capacityBits, BITS_AT);
  header.writeUInt32LE(used, USED_AT);
  header.writeUInt32LE(checksumOf(header.subarray(0, CHECKSUM_AT)), CHECKSUM_AT);
  return header;
}

/** `undefined` for anything but the header of a whole table of this generation. */
export function decodeHeader(
  header: Buffer,
  { generation, size }: { readonly generation: string; readonly size: number },
): ContentHeader | undefined {
  if (header.byteLength < HEADER_BYTES) return undefined;
  const capacityBits = header.readUInt32LE(BITS_AT);
  const used = header.readUInt32LE(USED_AT);
  if (capacityBits < MIN_CAPACITY_BITS || capacityBits > MAX_CAPACITY_BITS) return undefined;
  if (used > 2 ** capacityBits || size !== bytesOfTable(capacityBits)) return undefined;
  const expected = encodeHeader(generation, { capacityBits, used });
  return header.compare(expected, 0, HEADER_BYTES, 0, HEADER_BYTES) === 0
    ? { capacityBits, used }
    : undefined;
}

export function bytesOfTable(capacityBits: number): number {
  return HEADER_BYTES + 2 ** capacityBits * SLOT_BYTES;
}
