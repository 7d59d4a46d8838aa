import type { Clock } from '@codex-orchestrator/core';
import { endLeftovers } from '@codex-orchestrator/exec';

/** By this variable a process is known as one of a loop, in whatever group and session it is. */
export const loopVariable = 'CODEX_ORCHESTRATOR_LOOP_DIR';

/** What an agent left behind has had its turn. */
const graceMs = 200;

/**
 * Ends whatever a turn left behind that is no member of its process group any more, before anything is
 * judged: a process that goes on writing would decide what the validators see. Returns how many there
 * were. A process that has emptied its environment is out of reach, but for that of a containment.
 */
export async function endStrays(loopDir: string, clock: Clock): Promise<number> {
  const marker = { name: loopVariable, value: loopDir };
  const ended = await endLeftovers({ groups: [], marker }, { clock, graceMs });
  return ended.reduce((sum, { pids }) => sum + pids.length, 0);
}
