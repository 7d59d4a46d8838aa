import { quoteArgv } from '@codex-orchestrator/exec';

/** The command as one line that a person can paste into a shell. */
export function displayCommand(command: string | readonly string[]): string {
  return typeof command === 'string' ? command : quoteArgv(command);
}
