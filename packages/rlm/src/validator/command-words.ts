import type { CommandLine } from '@codex-orchestrator/exec';

/**
 * The words of each simple command in a command line, quotes taken off: `cd x && ./y "a b"` has two. Words
 * that are lines of their own, as behind `sh -c`, are read as well, after the command that they are in.
 * Variables and substitutions stay as they are written.
 */
export function commandWords(command: CommandLine): readonly (readonly string[])[] {
  return withInnerLines(typeof command === 'string' ? splitLine(command) : [command], maxDepth);
}

/** Of lines in lines: enough for a shell in a shell. */
const maxDepth = 3;

function withInnerLines(
  commands: readonly (readonly string[])[],
  depth: number,
): readonly (readonly string[])[] {
  if (depth === 0) return commands;
  return commands.flatMap((words) => {
    const lines = words.filter((word) => /\s/.test(word.trim()));
    return [words, ...withInnerLines(lines.flatMap(splitLine), depth - 1)];
  });
}

/** A quoted part, an escaped character, a run of others; else an end of a command, a redirection, a gap. */
const tokens =
  /'([^']*)'?|"((?:[^"\\]|\\[^])*)"?|\\([^])|([^\s'"\\;&|()<>`{}]+)|([;&|()`{}\n])|([<>]|[^\S\n]+)/g;

function splitLine(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const [, single, double, escaped, plain, end, gap] of line.matchAll(tokens)) {
    const part = single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? escaped ?? plain;
    if (part !== undefined) word = (word ?? '') + part;
    if (end !== undefined || gap !== undefined) endWord();
    if (end !== undefined) commands.push([]);
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}
