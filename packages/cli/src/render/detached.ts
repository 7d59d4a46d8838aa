import type { DetachedAnswer } from '../detach.js';

/** A run that goes on without its starter: where its record is and how to come back to it. */
export function renderDetached(answer: DetachedAnswer): string[] {
  return [
    `Run started: ${answer.run_id}`,
    `Status: ${answer.status} (${answer.counts.total} stages, process ${answer.pid})`,
    `Manifest: ${answer.manifest}`,
    `Log: ${answer.log_path}`,
    '',
    'Come back to it:',
    ...answer.next.map((command) => `  ${command}`),
  ];
}
