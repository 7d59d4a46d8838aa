import { byteClass, singleByte } from './byte-class.js';
import type { ByteClass } from './byte-class.js';
import { lateMatcher } from './matcher.js';
import type { Matcher, Verdict, Window } from './matcher.js';

/** `_` stands for an underscore, a hyphen or nothing. */
const keywords = [
  // The rule of long standing: (secret|password|api[_-]?key|token).
  ...['secret', 'password', 'api_key', 'token'],
  ...['access_key', 'account_key', 'encryption_key', 'master_key', 'private_key', 'secret_key'],
  ...['shared_key', 'signing_key', 'auth_key', 'passwd', 'passphrase', ';pwd'],
];
/** What these name goes on to the end of the line, with a scheme at its start. */
const headers = ['authorization', 'set-cookie'];

/** One matcher for each spelling of a word after which a secret may be given, in any case. */
export function keywordMatchers(): Matcher[] {
  const after = byteClass('\\s:=\\\\"\'`\\]\\x1b');
  const spellings = keywords.flatMap((word) =>
    word.includes('_') ? ['_', '-', ''].map((joint) => word.replace('_', joint)) : [word],
  );
  return [
    ...[...new Set(spellings)].map((word) => keywordMatcher(word, after, false)),
    ...headers.map((word) => keywordMatcher(word, after, true)),
  ];
}

function keywordMatcher(word: string, after: ByteClass, isHeader: boolean): Matcher {
  const start = Array.from(word.slice(0, 2), eitherCase);
  return lateMatcher(start, () => makeKeywordMatcher(word, after, isHeader));
}

function makeKeywordMatcher(word: string, after: ByteClass, isHeader: boolean): Matcher {
  const letters = Array.from(word, eitherCase);

  function verify({ data }: Window, at: number): Verdict {
    for (const [offset, letter] of letters.entries()) {
      const byte = data[at + offset];
      if (byte === undefined) return 'more';
      if (letter[byte] === 0) return 'no';
    }
    return { keyword: { end: at + word.length, isHeader } };
  }

  return { head: [...letters, after].slice(0, 7), verify };
}

function eitherCase(letter: string): ByteClass {
  const upper = letter.toUpperCase();
  return upper === letter ? singleByte(letter.charCodeAt(0)) : byteClass(`${upper}${letter}`);
}
