import type { CommandContext } from '../../command.js';
import { decideInteractivity } from '../../interactivity.js';
import { shareWords } from '../../render/metrics-progress.js';
import { WorkProgress } from '../../render/work-progress.js';
import { interruptible } from '../metrics/interruptible.js';
import type { Interruptible } from '../metrics/interruptible.js';

/** What work on a whole log is given: how to say how far it is, and when to end. */
export interface VisibleWork {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: WorkState) => void;
}

export type WorkState =
  | { readonly bytes: number; readonly totalBytes: number }
  | { readonly lines: number; readonly imported: number };

/** Does work on a whole log: how far it is is shown, and a signal ends it. */
export async function workVisibly<Value>(
  { io, format, answer }: CommandContext,
  work: (visibly: VisibleWork) => Promise<Value>,
): Promise<Interruptible<Value>> {
  const { progress: wanted } = decideInteractivity(io, format);
  if (wanted === 'none') return interruptible(io, (signal) => work({ signal, onProgress: ignore }));
  const mode = answer.isForAgent ? 'plain' : wanted;
  using progress = new WorkProgress({ stream: io.stderr, clock: io.clock, mode });
  return await interruptible(io, (signal) =>
    work({
      signal,
      onProgress: (state) => {
        progress.show(() => wordsOf(state));
      },
    }),
  );
}

function wordsOf(state: WorkState): string {
  return 'bytes' in state
    ? `Reading: ${shareWords(state.bytes, state.totalBytes)}`
    : `Importing: ${state.imported} of ${state.lines} lines so far`;
}

function ignore(): void {
  // Nobody looks.
}
