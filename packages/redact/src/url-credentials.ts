import { byteClass } from './byte-class.js';
import { skip } from './matcher.js';
import type { Matcher, Verdict, Window } from './matcher.js';

const rule = 'url-credentials';
/** A longer authority is not waited for. */
const maxAuthorityBytes = 1024;
/** A user's name of that length without a password is a token. */
const minTokenBytes = 20;
const colon = 0x3a;
const at64 = 0x40;
const anchor = Buffer.from('://');

/** Finds the password in `scheme://user:password@host`, and a long user name without one. */
export function urlCredentialsMatcher(): Matcher {
  const authority = byteClass('^/?#"\'`<>\\\\\\x00-\\x20');

  function verify({ data, isEnd }: Window, at: number): Verdict {
    const start = at + anchor.length;
    for (let index = at; index < start; index++) {
      if (index >= data.length) return 'more';
      if (data[index] !== anchor[index - at]) return 'no';
    }
    const limit = start + maxAuthorityBytes;
    const end = skip(authority, data.subarray(0, limit), start);
    if (end === data.length && end < limit && !isEnd) return 'more';
    const userInfoEnd = data.subarray(start, end).lastIndexOf(at64) + start;
    if (userInfoEnd < start) return 'no';
    const separator = data.subarray(start, userInfoEnd).indexOf(colon);
    const first = separator < 0 ? start : start + separator + 1;
    if (userInfoEnd - first < (separator < 0 ? minTokenBytes : 1)) return 'no';
    return { match: { rule, start: first, end: userInfoEnd } };
  }

  return { head: [byteClass(':'), byteClass('/'), byteClass('/'), authority], verify };
}
