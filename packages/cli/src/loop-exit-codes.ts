import type { ExitCodeRow } from './exit-codes.js';

/**
 * Every verdict of an agent loop, and what a run exits with that ends by it. The codes are those of
 * `verdictExitCodes` in the package of the loop, which `--help` has no time to load; a test holds one
 * against the other.
 */
export const loopExitCodes = {
  passed: { code: 0, meaning: 'all validators passed after a turn that completed' },
  budget_complete: {
    code: 0,
    meaning: 'nobody judges, and the iterations that were asked for are done',
  },
  no_validator: { code: 2, meaning: 'nobody said who judges, and nobody could be asked' },
  max_iterations: { code: 3, meaning: 'no iteration passed' },
  max_minutes: { code: 3, meaning: 'the time is up' },
  budget_exceeded: { code: 3, meaning: 'more money, tokens or output than allowed' },
  validator_error: { code: 4, meaning: 'a validator cannot be run' },
  invalid_config: {
    code: 5,
    meaning: 'the goal, a flag, a variable or the configuration is wrong',
  },
  stalled: { code: 6, meaning: 'iterations stay in the same place' },
  blocked_on_human: { code: 7, meaning: 'the agent waits for the answer of a person' },
  validator_tampered: { code: 8, meaning: 'a protected file changed, and that is refused' },
  error: {
    code: 10,
    meaning: 'the agent failed too often, or something in the loop itself did',
  },
  cancelled: { code: 130, meaning: 'cancelled; by a signal, the code of that signal' },
} as const satisfies Record<string, ExitCodeRow>;

/** The exit code of a run that failed at its loop: that of the verdict, and never 0. */
export function exitCodeOfLoop(recorded: number | null): number {
  const rows = Object.values<ExitCodeRow>(loopExitCodes);
  const isVerdict = rows.some(({ code }) => code !== 0 && code === recorded);
  return isVerdict && recorded !== null ? recorded : loopExitCodes.error.code;
}

/** The table in one line, for the help. */
export function listLoopExitCodes(): string {
  return Object.entries<ExitCodeRow>(loopExitCodes)
    .map(([verdict, { code }]) => `${verdict} ${String(code)}`)
    .join(', ');
}

/** The table as Markdown, for the documentation. */
export function renderLoopExitCodesAsMarkdown(): string {
  const rows = Object.entries<ExitCodeRow>(loopExitCodes).map(
    ([verdict, { code, meaning }]) => `| ${String(code)} | \`${verdict}\` | ${meaning} |`,
  );
  return ['| code | verdict | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
