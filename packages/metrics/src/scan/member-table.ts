import { Member } from './member.js';
import { viewOf } from './stretch.js';
import { wantedMembers } from './wanted-members.js';

/** Keys that nobody asked for are remembered too, but not without end. */
const MAX_KEYS = 128;
/** Of a key with its quotes and its colon. */
const MAX_KEY_BYTES = 64;

/** The members of one shape, by their keys. */
export class MemberTable {
  readonly #shape: number;
  readonly #keys: DataView[] = [];
  readonly #members: Member[] = [];

  constructor(shape: number) {
    this.#shape = shape;
    for (const [key, wanted] of wantedMembers[shape] ?? []) {
      this.#keys.push(viewOf(Buffer.from(`"${key}":`)));
      this.#members.push(new Member(shape, wanted));
    }
  }

  /**
   * The member whose key lies, with quotes and colon, from `start` to `end`. One that is not known becomes
   * known, as one whose value is skipped; `undefined` where there is no room for more.
   */
  find(view: DataView, start: number, end: number): Member | undefined {
    const byteLength = end - start;
    for (let at = 0; at < this.#keys.length; at += 1) {
      const key = this.#keys[at];
      if (key?.byteLength === byteLength && isAt(view, start, key)) return this.#members[at];
    }
    if (this.#keys.length === MAX_KEYS || byteLength > MAX_KEY_BYTES) return undefined;
    const key = new Uint8Array(byteLength);
    for (let at = 0; at < byteLength; at += 1) key[at] = view.getUint8(start + at);
    const member = new Member(this.#shape);
    this.#keys.push(new DataView(key.buffer));
    this.#members.push(member);
    return member;
  }
}

function isAt(view: DataView, start: number, key: DataView): boolean {
  const last = key.byteLength - 4;
  for (let at = 0; at < last; at += 4) {
    if (view.getInt32(start + at, true) !== key.getInt32(at, true)) return false;
  }
  // The shortest key is `"":`, and that is not a wanted one.
  return last >= 0 && view.getInt32(start + last, true) === key.getInt32(last, true);
}
