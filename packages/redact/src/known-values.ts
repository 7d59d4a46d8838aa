import { isSecretName } from './secret-name.js';

/** A shorter value would be found in ordinary text by chance. */
const minValueBytes = 6;
/** A line of a value of several lines that is shorter says too little on its own. */
const minLineCharacters = 8;

const ordinaryWords: ReadonlySet<string> = new Set(
  'changeme default development disabled enabled optional password production required secret testing token undefined unknown localhost'.split(
    ' ',
  ),
);

/** A path is where a secret lies, not what it is. */
const pathShape =
  /^(?:~[/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|\/(?:app|bin|data|dev|etc|github|home|mnt|opt|private|proc|root|run|secrets|srv|sys|tmp|usr|Users|var|work|workspace|workspaces)\/)/;

const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s/]+)@/i;

/**
 * Whether a text can be looked for as a secret: long enough, and neither an ordinary word, a number of
 * less than eight digits nor the path of a file.
 */
export function isSecretValue(value: string): boolean {
  if (Buffer.byteLength(value) < minValueBytes) return false;
  if (/^[+-]?\d{1,7}(?:\.\d+)?$/.test(value) || pathShape.test(value)) return false;
  return !ordinaryWords.has(value.toLowerCase());
}

/**
 * The values to look for: of secret-named variables, passwords within URLs of any variable, and what
 * was given, each once and without blanks around it.
 */
export function collectSecretValues(
  environment: Readonly<Record<string, string | undefined>>,
  given: readonly string[],
): string[] {
  const values = [...given];
  for (const [name, value = ''] of Object.entries(environment)) {
    if (isSecretName(name)) values.push(value);
    values.push(...passwordsOfUrl(value));
  }
  return [...new Set(values.map((value) => value.trim()).filter(isSecretValue))];
}

function passwordsOfUrl(value: string): string[] {
  const password = urlWithPassword.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/**
 * What stands for a value in running text. Of several lines each one counts on its own, so that nothing
 * has to wait for the next line; only where all of them are short it is the whole, with either newline.
 */
export function splitLines(value: string): string[] {
  const lines = value.split(/\r\n|\n|\r/);
  if (lines.length === 1) return [value];
  const long = lines.map((line) => line.trim()).filter((line) => line.length >= minLineCharacters);
  return long.length > 0 ? [...new Set(long)] : [lines.join('\n'), lines.join('\r\n')];
}
