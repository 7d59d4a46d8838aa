import { join } from 'node:path';

import type { TaskId } from '@codex-orchestrator/core';
import type { EvidenceDocument } from '@codex-orchestrator/report';

import type { Workspace } from '../workspace.js';

/** When numbers were taken: before a change or after it. */
export type EvidencePhase = EvidenceDocument['phase'];

/** Absolute paths of the evidence of one task. Nothing here touches the disk. */
export interface EvidenceFiles extends Readonly<Record<EvidencePhase, string>> {
  readonly markdown: string;
  readonly page: string;
}

/** The one place where the paths of evidence are computed. */
export function evidenceFiles({ outDir }: Workspace, taskId: TaskId): EvidenceFiles {
  const folder = join(outDir, taskId, 'evidence');
  return {
    baseline: join(folder, 'baseline.json'),
    post: join(folder, 'post.json'),
    markdown: join(folder, 'report.md'),
    page: join(folder, 'report.html'),
  };
}
