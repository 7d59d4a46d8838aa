import type { CommandContext } from './command.js';
import { reportToGitHub } from './github/report-run.js';
import { renderAgentAnswer } from './render/agent-answer.js';
import { renderRunAnswer } from './render/run-answer.js';
import { describeRun } from './run-answer.js';
import type { RecordedRun } from './run-recorded.js';

/**
 * The last word about a run that this process ran, in every format, and on GitHub Actions what the
 * service shows of it. Returns the exit code.
 */
export function giveRunAnswer(run: RecordedRun, root: string, context: CommandContext): number {
  const exitCode = giveVerdict(run, root, context);
  reportToGitHub(run.manifest, root, context);
  return exitCode;
}

/** The last word about any run that is over, which another process may have run. */
export function giveVerdict(
  { manifest, cancelledBy }: RecordedRun,
  root: string,
  { answer, format, io }: CommandContext,
): number {
  const options = { root, cwd: io.cwd, cancelledBy };
  const described = describeRun(manifest, options);
  const verdict = format === 'ndjson' ? { type: 'verdict', ...described } : described;
  answer.give(verdict, {
    text: () => renderRunAnswer(described),
    agent: () => renderAgentAnswer(described, options),
  });
  return described.exit_code;
}
