import { probeContainment } from '@codex-orchestrator/exec';
import type { Plan } from '@codex-orchestrator/pipeline';

import type { Io } from '../io.js';
import { printable } from '../render/printable.js';
import { findLoop } from './find-loop.js';

/**
 * Whether a run is contained: as a flag says, which insists; else a run with an agent loop is, wherever
 * that works, because agents leave processes behind. Where it does not work, stderr says so once.
 *
 * @returns undefined where nobody decided
 */
export async function decideContainment(
  wanted: boolean | undefined,
  plan: Plan,
  { stderr }: Pick<Io, 'stderr'>,
): Promise<boolean | undefined> {
  if (wanted !== undefined || findLoop(plan) === undefined) return wanted;
  const { available, reason } = await probeContainment();
  if (available) return true;
  const text = `the agent is not contained: ${printable(reason)}`;
  stderr.write(`codex-orchestrator: ${text}; what it leaves running is looked for afterwards\n`);
  return undefined;
}
