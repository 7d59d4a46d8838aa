import { appendFileSync, statSync } from 'node:fs';

import { messageOf } from '@codex-orchestrator/core';

/** GitHub shows no summary of a step at all when it is larger. */
const maxSummaryBytes = 1024 * 1024;

/**
 * Appends to the summary of the step, unless it would become too large to be shown. Returns why it was
 * not written, or null: a summary is no reason to fail.
 */
export function appendSummary(path: string, markdown: string): string | null {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size + Buffer.byteLength(markdown) > maxSummaryBytes) return 'it would exceed 1 MiB';
    appendFileSync(path, markdown);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
