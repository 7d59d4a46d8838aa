const plainWord = /^[A-Za-z0-9_/.:=-]+$/;

/** Words that a shell reads as syntax when they come first; a quoted one is the name of a command. */
const syntaxWhenFirst =
  /=|^(?:case|do|done|elif|else|esac|fi|for|function|if|in|select|then|time|until|while)$/;

/**
 * Writes an argument list as one line that a POSIX shell splits back into exactly that list. Words
 * of letters, digits and `_/.:=-` stay as they are, everything else is put in single quotes.
 */
export function quoteArgv(argv: readonly string[]): string {
  return argv
    .map((word, index) => (isPlain(word, index) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function isPlain(word: string, index: number): boolean {
  return plainWord.test(word) && !(index === 0 && syntaxWhenFirst.test(word));
}
