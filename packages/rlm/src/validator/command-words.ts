import type { CommandLine } from '@codex-orchestrator/exec';

/**
 * The words of each simple command in a command line, quotes taken off: `cd x && ./y "a b"` has two. Of
 * an argument list, arguments that are lines of their own, as behind `sh -c`, are read as well. Variables
 * and substitutions stay as they are written.
 */
export function commandWords(command: CommandLine): readonly (readonly string[])[] {
  if (typeof command === 'string') return splitLine(command);
  const lines = command.slice(1).filter((argument) => /\s/.test(argument.trim()));
  return [command, ...lines.flatMap(splitLine)];
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
