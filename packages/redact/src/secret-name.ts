/** A word with one of these ends is about a secret: also in `PGPASSWORD` and `GITHUBTOKEN`. */
const secretEnding =
  /(?:secret|token|password|passwd|passphrase|passcode|apikey|credential|accesskey|privatekey|secretkey)s?$/;

const secretWords: ReadonlySet<string> = new Set(
  'auth authtoken cred creds jwt pass passwords pat pwd sshpass'.split(' '),
);

/** What makes a secret of a name that goes on with `key`. */
const wordsBeforeKey: ReadonlySet<string> = new Set(
  'access account api app auth client deploy encryption license master private project service shared signing secret ssh storage webhook'.split(
    ' ',
  ),
);

/** With one of these at its end a name tells something about a secret, which is not the secret. */
const describingWords: ReadonlySet<string> = new Set(
  'count dir directory file length limit path sock socket timeout ttl'.split(' '),
);

/**
 * Whether a variable (or member) of that name is likely to hold a secret. It is the words of the name
 * that count, so `GITHUB_TOKEN`, `dbPassword` and `x-api-key` are, while `AUTHOR`, `KEYBOARD`,
 * `TOKENIZERS_PARALLELISM`, `PWD` and `SSH_AUTH_SOCK` are not.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || describingWords.has(last)) return false;
  // The shell keeps the working folder in `PWD` and `OLDPWD`.
  if (words.length === 1 && last === 'pwd') return false;
  return words.some((word, index) => isSecretWord(word, words[index + 1]));
}

function isSecretWord(word: string, next: string | undefined): boolean {
  if (secretWords.has(word) || secretEnding.test(word)) return true;
  return wordsBeforeKey.has(word) && (next === 'key' || next === 'keys');
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
