import { packageManagerNames } from './package-managers.js';

/**
 * The script that `npm test`, `pnpm run lint`, `yarn check` or `bun run x` runs; undefined for other
 * commands, and for `bun test`, which is a test runner of its own.
 */
export function findScriptRun(
  words: readonly string[],
  scripts: Readonly<Record<string, unknown>>,
): string | undefined {
  const at = words.findIndex((word) => isPackageManager(baseName(word)));
  if (at < 0) return undefined;
  const arguments_ = withoutOptions(words.slice(at + 1));
  const [first, second] = arguments_;
  if (first === undefined) return undefined;
  if (['run', 'run-script', 'rum', 'urn'].includes(first)) return second;
  if (baseName(words[at] ?? '') === 'bun' && first === 'test') return undefined;
  if (testAliases.has(first)) return 'test';
  return Object.hasOwn(scripts, first) ? first : undefined;
}

/** The last part of a path. */
export function baseName(word: string): string {
  return word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
}

/** Folders that options such as `-C x` or `--prefix=x` name. */
export function foldersOfOptions(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const [, option, value] = /^(-C|--?[a-z]+(?:-[a-z]+)*)(?:=(.*))?$/.exec(word) ?? [];
    if (option === undefined || !folderOptions.has(option)) return [];
    return value ?? words[index + 1] ?? [];
  });
}

const testAliases = new Set(['test', 't', 'tst', 'install-test', 'it', 'cit', 'install-ci-test']);
const folderOptions = new Set(['-C', '--prefix', '--dir', '--cwd', '--directory']);
const valueOptions = new Set([...folderOptions, '-w', '--workspace', '-F', '--filter']);

function withoutOptions(words: readonly string[]): readonly string[] {
  return words.filter(
    (word, index) => !word.startsWith('-') && !valueOptions.has(words[index - 1] ?? ''),
  );
}

function isPackageManager(word: string): boolean {
  return (packageManagerNames as readonly string[]).includes(word);
}
