/** What a process exit code of this program means; `--help` and the README print this table. */
export interface ExitCodeRow {
  readonly code: number;
  readonly meaning: string;
}

/** Every exit code of this program, by name. `exec` alone adds the codes of the commands it ran. */
export const exitCodes = {
  succeeded: { code: 0, meaning: 'succeeded' },
  failed: { code: 1, meaning: 'a stage failed, or the answer is no' },
  usage: {
    code: 2,
    meaning: 'wrong arguments, environment or configuration, nothing ran; of a gate: no verdict',
  },
  unavailable: { code: 3, meaning: 'the machine refused: no permission, no space, no such folder' },
  internal: { code: 70, meaning: 'a defect of this program' },
  interrupted: { code: 75, meaning: 'the run ended without its owner; resume it' },
  timedOut: { code: 124, meaning: 'timed out: the run exceeded its deadline' },
  cancelledByHangup: { code: 129, meaning: 'cancelled by SIGHUP' },
  cancelled: { code: 130, meaning: 'cancelled by SIGINT, or without a signal' },
  cancelledByTerm: { code: 143, meaning: 'cancelled by SIGTERM' },
} as const satisfies Record<string, ExitCodeRow>;

/** The signals that cancel a run. */
export type CancelSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

const cancelledBy: Record<CancelSignal, ExitCodeRow> = {
  SIGHUP: exitCodes.cancelledByHangup,
  SIGINT: exitCodes.cancelled,
  SIGTERM: exitCodes.cancelledByTerm,
};

/** The exit code for the final status of a run; a status nobody knows counts as failed, never as 0. */
export function exitCodeOfStatus(status: string, signal?: CancelSignal): number {
  switch (status) {
    case 'succeeded':
      return exitCodes.succeeded.code;
    case 'timed_out':
      return exitCodes.timedOut.code;
    case 'cancelled':
      return signal === undefined ? exitCodes.cancelled.code : cancelledBy[signal].code;
    case 'interrupted':
      return exitCodes.interrupted.code;
    default:
      return exitCodes.failed.code;
  }
}

/** The table as aligned plain text, one code per line. */
export function renderExitCodes(): string[] {
  return Object.values<ExitCodeRow>(exitCodes).map(
    ({ code, meaning }) => `${String(code).padStart(3)}  ${meaning}`,
  );
}

/** The table as Markdown, for the README. */
export function renderExitCodesAsMarkdown(): string {
  const rows = Object.values<ExitCodeRow>(exitCodes).map(
    ({ code, meaning }) => `| ${String(code)} | ${meaning} |`,
  );
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}
