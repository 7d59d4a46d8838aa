import { slugify } from '@codex-orchestrator/core';
import { quoteArgv } from '@codex-orchestrator/exec';
import type { CommandLine } from '@codex-orchestrator/exec';

/**
 * A name for each command, in order: its words as part of a file name, such as `npm-test`, at most 48
 * characters, with a number behind it where an earlier one has the name. Names differ in more than
 * their case. Variables that a command sets for itself are left out, and `redact` is asked first: a name
 * of a file can hold a secret as well as what is in it.
 */
export function nameValidators(
  commands: readonly CommandLine[],
  redact: (text: string) => string = (text) => text,
): readonly string[] {
  const taken = new Set<string>();
  return commands.map((command) => {
    const line = redact(oneLine(command)).replace(/^(?:\w+=(?:'[^']*'|"[^"]*"|[^\s'"])*\s+)+/, '');
    const base = slugify(line).slice(0, 44).replace(/-$/, '');
    let name = base;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${base}-${count}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** A command as one line, as it is shown to people. */
export function oneLine(command: CommandLine): string {
  const line = typeof command === 'string' ? command : quoteArgv(command);
  return line.trim().replace(/\r?\n|\r/g, '\\n');
}
