import { byteClass, singleByte } from './byte-class.js';
import type { ByteClass } from './byte-class.js';
import { skip } from './matcher.js';
import type { Matcher, Run, Verdict, Window } from './matcher.js';

export const privateKeyRule = 'private-key';

/** A key without an end is taken for one for that long; the largest in use have a fifth of it. */
const maxBlockBytes = 64 * 1024;
const maxLabelBytes = 64;

const begin = Buffer.from('-----BEGIN ');
const kind = 'PRIVATE KEY';
const dash = 0x2d;
const end = 'END ';

/** Finds the first line of a private key (PEM, OpenSSH, PGP); the run takes the rest, with its last line. */
export function privateKeyMatcher(): Matcher {
  const label = byteClass('A-Z0-9 ');
  const body = byteClass('A-Za-z0-9+/=\\r\\n\\\\');

  function verify({ data }: Window, at: number): Verdict {
    const labelStart = at + begin.length;
    for (let index = at; index < labelStart; index++) {
      if (index >= data.length) return 'more';
      if (data[index] !== begin[index - at]) return 'no';
    }
    const labelEnd = skip(label, data.subarray(0, labelStart + maxLabelBytes), labelStart);
    if (labelEnd === data.length) return 'more';
    const text = Buffer.from(data.buffer, data.byteOffset + labelStart, labelEnd - labelStart);
    if (!text.toString('latin1').includes(kind)) return 'no';
    for (let index = labelEnd; index < labelEnd + 5; index++) {
      if (index >= data.length) return 'more';
      if (data[index] !== dash) return 'no';
    }
    const blockEnd = labelEnd + 5;
    const run = blockRun(label, body, blockEnd - at);
    return { match: { rule: privateKeyRule, start: at, end: blockEnd, run } };
  }

  return {
    head: Array.from(begin.subarray(0, 7), singleByte),
    verify,
  };
}

/**
 * Until the `-----END …-----` line is over. Past the limit it goes on for as long as the bytes look like
 * those of a key: what comes then is either no key any more or the last line of one.
 */
function blockRun(label: ByteClass, body: ByteClass, headBytes: number): Run {
  let bytes = headBytes;
  let dashes = 0;
  /** How much of `END ` was seen after five dashes; with all of it, the label and its dashes follow. */
  let seen = -1;

  function step(byte: number): boolean {
    if (byte === dash) {
      dashes++;
      if (seen === end.length && dashes === 5) return true;
      if (seen < end.length) seen = dashes >= 5 ? 0 : -1;
      return false;
    }
    if (seen === end.length) {
      if (label[byte] === 0 || dashes > 0) seen = -1;
    } else if (seen >= 0) {
      seen = byte === end.charCodeAt(seen) ? seen + 1 : -1;
    }
    dashes = 0;
    return false;
  }

  return {
    key: privateKeyRule,
    isOpaque: true,
    findEnd: (data, from) => {
      let index = from;
      for (; index < data.length && bytes < maxBlockBytes; index++, bytes++) {
        if (step(data[index] ?? 0)) return index + 1;
      }
      if (bytes < maxBlockBytes) return -1;
      const bodyEnd = skip(body, data, index);
      return bodyEnd < data.length ? bodyEnd : -1;
    },
  };
}
