import type { CommandContext } from '../command.js';
import { giveVerdict } from '../give-run-answer.js';
import type { RunView } from '../run-view.js';
import { signalOf } from '../status-answer.js';

/** Answers for a run that somebody else ran as `start` would have for its own. Returns the exit code. */
export function giveEnd(
  { manifest, status }: RunView,
  root: string,
  context: CommandContext,
): number {
  const cancelledBy = signalOf(manifest.status_detail);
  return giveVerdict({ manifest: { ...manifest, status }, cancelledBy }, root, context);
}
