import { closestName } from '@codex-orchestrator/core';

import type { CommandDefinition } from '../command.js';
import { usageError } from '../errors.js';

/** What the first words of a call name. */
export type FoundCommand =
  | { readonly kind: 'command'; readonly command: CommandDefinition }
  /** A word that only further words make a command of, such as `metrics`. */
  | { readonly kind: 'group'; readonly name: string };

/**
 * Finds the command whose name, of one word or of several, the given words begin with.
 *
 * @throws CliError `USAGE` with the name that was probably meant
 */
export function findCommand(
  words: readonly string[],
  definitions: readonly CommandDefinition[],
): FoundCommand {
  let candidates = definitions.map((command) => ({ command, name: command.name.split(' ') }));
  for (const [depth, word] of words.entries()) {
    const matching = candidates.filter(({ name }) => name[depth] === word);
    const whole = matching.find(({ name }) => name.length === depth + 1);
    if (whole !== undefined) return { kind: 'command', command: whole.command };
    if (matching.length === 0) {
      const known = candidates.flatMap(({ name }) => name[depth] ?? []);
      throw unknownCommand(words.slice(0, depth), word, known);
    }
    candidates = matching;
  }
  return { kind: 'group', name: words.join(' ') };
}

/** How many words a command's name has. */
export function wordCount(name: string): number {
  return name.split(' ').length;
}

function unknownCommand(
  group: readonly string[],
  word: string,
  known: readonly string[],
): ReturnType<typeof usageError> {
  const meant = closestName(word, group.length === 0 ? [...known, 'help'] : known);
  const inGroup = (name: string): string => [...group, name].join(' ');
  return usageError(
    `Unknown command \`${inGroup(word)}\``,
    meant === undefined ? undefined : `Did you mean \`${inGroup(meant)}\`?`,
  );
}
