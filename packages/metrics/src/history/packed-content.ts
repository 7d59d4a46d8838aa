import { gunzipSync } from 'node:zlib';

import { findMembers } from './packed-member.js';
import type { MemberPlace, ReadAt } from './packed-member.js';

/** The most that a file unpacks to which other programs packed: it is held as a whole. */
const MAX_FOREIGN_BYTES = 256 * 1024 * 1024;

/**
 * What a gzip file unpacks to, by offset. Of a file whose members are ours it holds one of them at a
 * time; one of another program is unpacked as a whole.
 */
export class PackedContent {
  readonly #read: ReadAt;
  readonly #members: readonly MemberPlace[];
  #current: MemberPlace | undefined;
  #content: Buffer = Buffer.alloc(0);

  /** @throws Error when a file that other programs packed is damaged or unpacks to too much. */
  constructor(read: ReadAt, fileBytes: number) {
    this.#read = read;
    const members = findMembers(read, fileBytes);
    if (members) {
      this.#members = members;
      return;
    }
    this.#content = gunzipSync(this.#bytesAt(0, fileBytes), { maxOutputLength: MAX_FOREIGN_BYTES });
    const contentBytes = this.#content.byteLength;
    this.#current = { position: 0, byteLength: fileBytes, contentOffset: 0, contentBytes };
    this.#members = [this.#current];
  }

  /** Fills the front of the view; 0 at the end of the content. @throws Error when a member is damaged. */
  read(view: Uint8Array, position: number): number {
    const member = this.#memberAt(position);
    if (member === undefined) return 0;
    if (member !== this.#current) this.#unpack(member);
    const start = position - member.contentOffset;
    return this.#content.copy(view, 0, start, start + view.byteLength);
  }

  #memberAt(position: number): MemberPlace | undefined {
    let low = 0;
    let high = this.#members.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const member = this.#members[middle];
      if (member && member.contentOffset + member.contentBytes <= position) low = middle + 1;
      else high = middle;
    }
    return this.#members[low];
  }

  #unpack(member: MemberPlace): void {
    this.#current = undefined;
    // What a member says of its length was not checked yet: more than that is an error, not memory.
    this.#content = gunzipSync(this.#bytesAt(member.position, member.byteLength), {
      maxOutputLength: Math.max(1, member.contentBytes),
    });
    if (this.#content.byteLength !== member.contentBytes)
      throw new Error('a part of it is damaged');
    this.#current = member;
  }

  #bytesAt(position: number, byteLength: number): Buffer {
    const bytes = Buffer.allocUnsafe(byteLength);
    for (let filled = 0; filled < byteLength;) {
      const count = this.#read(bytes.subarray(filled), position + filled);
      if (count === 0) throw new Error('it ends in the middle');
      filled += count;
    }
    return bytes;
  }
}
