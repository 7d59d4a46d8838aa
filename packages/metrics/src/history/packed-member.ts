import { crc32, deflateRawSync } from 'node:zlib';

/** How much of a segment one member unpacks to, at most, but for a line that is longer. */
export const MEMBER_CONTENT_BYTES = 1024 * 1024;

const HEADER_BYTES = 20;
const TRAILER_BYTES = 8;
const HAS_EXTRA_FIELD = 4;
const UNKNOWN_SYSTEM = 255;
const EXTRA_BYTES = 8;
/** Names the extra field, see RFC 1952 §2.3.1.1. */
const FIELD_NAME = Buffer.from('co');

/**
 * Packs bytes as one member of a gzip file. Members can be put one after the other, and any gzip program
 * unpacks them as one file. An extra field in the header says how long the member is, so that a reader
 * gets to any place of the content by hopping over those before.
 *
 * Format: RFC 1952, with the extra field `co` of four bytes: the member's length, least byte first.
 */
export function packMember(content: Uint8Array): Buffer {
  const packed = deflateRawSync(content);
  const member = Buffer.alloc(HEADER_BYTES + packed.byteLength + TRAILER_BYTES);
  member.set([0x1f, 0x8b, 8, HAS_EXTRA_FIELD, 0, 0, 0, 0, 0, UNKNOWN_SYSTEM]);
  member.writeUInt16LE(EXTRA_BYTES, 10);
  FIELD_NAME.copy(member, 12);
  member.writeUInt16LE(4, 14);
  member.writeUInt32LE(member.byteLength, 16);
  member.set(packed, HEADER_BYTES);
  member.writeUInt32LE(crc32(content), member.byteLength - TRAILER_BYTES);
  member.writeUInt32LE(content.byteLength, member.byteLength - 4);
  return member;
}

/** One member of a file. */
export interface MemberPlace {
  /** Where it lies in the file. */
  readonly position: number;
  readonly byteLength: number;
  /** Where its content begins in what the file unpacks to. */
  readonly contentOffset: number;
  readonly contentBytes: number;
}

/** Fills the view from a position of the file; 0 at its end. */
export type ReadAt = (view: Uint8Array, position: number) => number;

/** The members of a file, found by their headers alone; `undefined` where they are not all ours. */
export function findMembers(read: ReadAt, fileBytes: number): MemberPlace[] | undefined {
  const members: MemberPlace[] = [];
  const head = Buffer.alloc(HEADER_BYTES);
  const size = Buffer.alloc(4);
  let contentOffset = 0;
  for (let position = 0; position < fileBytes;) {
    if (read(head, position) < HEADER_BYTES || !isOurs(head)) return undefined;
    const byteLength = head.readUInt32LE(16);
    if (byteLength < HEADER_BYTES + TRAILER_BYTES || position + byteLength > fileBytes) {
      return undefined;
    }
    if (read(size, position + byteLength - 4) < 4) return undefined;
    const contentBytes = size.readUInt32LE();
    members.push({ position, byteLength, contentOffset, contentBytes });
    position += byteLength;
    contentOffset += contentBytes;
  }
  return members;
}

function isOurs(head: Buffer): boolean {
  return (
    head.readUInt32BE() === 0x1f8b0804 &&
    head.readUInt16LE(10) === EXTRA_BYTES &&
    head.subarray(12, 14).equals(FIELD_NAME)
  );
}
