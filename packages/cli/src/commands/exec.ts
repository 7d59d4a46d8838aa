import { resolve } from 'node:path';

import { runCommand } from '@codex-orchestrator/exec';
import type { CommandResult } from '@codex-orchestrator/exec';
import { planCommand } from '@codex-orchestrator/pipeline';

import type { CommandInput, RunCommand } from '../command.js';
import type { execGrammar } from '../command-grammar.js';
import { usageError } from '../errors.js';
import type { ExecSubject } from '../exec-events.js';
import { createExecOutput } from '../exec-output.js';
import { decideExecFormat } from '../exec-format.js';
import { exitCodeOfStatus } from '../exit-codes.js';
import { reportToGitHub } from '../github/report-run.js';
import { decideInteractivity } from '../interactivity.js';
import type { Io } from '../io.js';
import { redactorFor } from '../privacy.js';
import { describeRun } from '../run-answer.js';
import { runRecorded } from '../run-recorded.js';
import type { RecordedRun } from '../run-recorded.js';
import { announceTask } from '../task.js';
import { findWorkspace } from '../workspace.js';

type Flags = (typeof execGrammar)['flags'];

/** `exec -- <command>`: one command with a record, and its exit code as ours. */
export const exec: RunCommand<Flags> = async (input, { io, answer }) => {
  const { flags } = input;
  const format = decideExecFormat(flags, io);
  const subject = readSubject(input, io);
  const workspace = findWorkspace(io);
  const taskId = announceTask({ flag: flags.task, env: io.env, root: workspace.root }, io);
  const redactor = redactorFor(io.env);
  const shown = { ...subject, argv: redactor.json(subject.argv) };
  const output = createExecOutput(format, shown, { answer, io });
  let result: CommandResult | undefined;
  try {
    const run = await runRecorded(
      {
        workspace,
        taskId,
        plan: planCommand(subject.argv, { cwd: subject.cwd }),
        observer: output.observer,
        redactor,
        nonInteractive: decideInteractivity(io, 'text').unattended,
        runCommand: async (command, options) => (result = await runCommand(command, options)),
      },
      io,
    );
    const { manifest } = run;
    const exitCode = exitCodeOf(run);
    const described = describeRun(manifest, { root: workspace.root, cwd: io.cwd });
    output.finish({ manifest, result, described: { ...described, exit_code: exitCode } });
    reportToGitHub(manifest, workspace.root, { format: 'json', io });
    return exitCode;
  } finally {
    output.close();
  }
};

function readSubject({ flags, positionals }: CommandInput<Flags>, io: Io): ExecSubject {
  const [program, ...args] = positionals;
  if (program === undefined || program === '') {
    throw usageError('Expected a command', 'codex-orchestrator exec [flags] -- <command...>');
  }
  const cwd = flags.cwd === undefined ? findWorkspace(io).root : resolve(io.cwd, flags.cwd);
  return { argv: [program, ...args], cwd };
}

/** The command's own code: also 128+n for a signal and 126 or 127 when it could not be started. */
function exitCodeOf({ manifest, cancelledBy }: RecordedRun): number {
  const { status, commands } = manifest;
  const ownCode = commands[0]?.exit_code;
  if (status === 'cancelled' || ownCode == null) return exitCodeOfStatus(status, cancelledBy);
  return ownCode;
}
