/** How a stage ended, as events, records and answers all have it. */
export interface StageEnd {
  readonly status: string;
  readonly outcome: string | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
}

/** How a stage ended, as the end of a sentence about it; empty for a success that needs no words. */
export function stageEndWords(stage: StageEnd): string {
  const words = outcomeWords(stage);
  if (stage.status === 'succeeded') return '';
  const isSaid = stage.reason === null || stage.reason === 'allowed-failure';
  return isSaid ? words : `${words} (${stage.reason})`;
}

function outcomeWords({ outcome, exit_code: exitCode, signal }: StageEnd): string {
  switch (outcome) {
    case 'exited':
      return `exited with code ${String(exitCode)}`;
    case 'signalled':
      return `killed by ${signal ?? 'a signal'}`;
    case 'timed-out':
      return 'timed out';
    case 'silent':
      return 'stopped for its silence';
    case 'cancelled':
      return 'cancelled';
    case 'spawn-failed':
      return 'could not be started';
    case 'child-run':
      return 'its pipeline did not succeed';
    case 'loop-ended':
      return 'its loop did not reach the goal';
    case 'error':
      return 'could not be run';
    case null:
    default:
      return 'did not succeed';
  }
}
