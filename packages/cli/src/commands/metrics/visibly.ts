import type { UpdateOptions } from '@codex-orchestrator/metrics';

import type { CommandContext } from '../../command.js';
import { decideInteractivity } from '../../interactivity.js';
import { CountingProgress } from '../../render/metrics-progress.js';
import { interruptible } from './interruptible.js';
import type { Interruptible } from './interruptible.js';

type Work<Value> = (
  options: Required<Pick<UpdateOptions, 'onProgress' | 'signal'>>,
) => Promise<Value>;

/** Does work on a whole history: how far it is is shown, and a signal ends it. */
export async function workVisibly<Value>(
  { io, format, answer }: CommandContext,
  work: Work<Value>,
): Promise<Interruptible<Value>> {
  const { progress: wanted } = decideInteractivity(io, format);
  if (wanted === 'none') return interruptible(io, (signal) => work({ signal, onProgress: ignore }));
  const mode = answer.isForAgent ? 'plain' : wanted;
  using progress = new CountingProgress({ stream: io.stderr, clock: io.clock, mode });
  return await interruptible(io, (signal) =>
    work({
      signal,
      onProgress: (state) => {
        progress.show(state);
      },
    }),
  );
}

function ignore(): void {
  // Nobody looks.
}
