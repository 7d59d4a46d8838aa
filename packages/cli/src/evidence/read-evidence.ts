import { CoreError, messageOf, readJson } from '@codex-orchestrator/core';
import type { EvidenceDocument, EvidenceRole } from '@codex-orchestrator/report';

import { parseEvidence } from '../report-library.js';
import { CliError } from '../errors.js';
import type { EvidenceFiles } from './evidence-files.js';

/** The numbers of a task, each side as a document of its own. */
export interface Evidence {
  readonly baseline: EvidenceDocument;
  /** Null before the change was measured. */
  readonly post: EvidenceDocument | null;
}

/**
 * Reads what was measured. A base that was measured in turns with the change is the baseline: one from
 * another day only is where there is none.
 *
 * @throws CliError `EVIDENCE_NOT_FOUND`, `EVIDENCE_UNREADABLE`
 */
export async function readEvidence(files: EvidenceFiles, taskId: string): Promise<Evidence> {
  const post = await readDocument(files.post);
  if (post?.runs.some(({ role }) => role === 'base') === true) {
    return { baseline: sideOf(post, 'base'), post: sideOf(post, 'candidate') };
  }
  const baseline = await readDocument(files.baseline);
  if (baseline !== undefined) return { baseline, post: post ?? null };
  throw new CliError(
    'EVIDENCE_NOT_FOUND',
    `Task ${taskId} has no numbers from before a change: \`${files.baseline}\` is not there`,
    { hint: `codex-orchestrator evidence baseline --task ${taskId}` },
  );
}

/** What a document of two sides says about one of them. */
function sideOf(document: EvidenceDocument, role: EvidenceRole): EvidenceDocument {
  return {
    ...document,
    phase: role === 'base' ? 'baseline' : 'post',
    builds: document.builds.filter((build) => build.role === role),
    runs: document.runs.filter((run) => run.role === role),
  };
}

async function readDocument(path: string): Promise<EvidenceDocument | undefined> {
  try {
    return parseEvidence(await readJson(path));
  } catch (cause) {
    if (cause instanceof CoreError && cause.errno === 'ENOENT') return undefined;
    const reason = messageOf(cause);
    throw new CliError('EVIDENCE_UNREADABLE', `\`${path}\` is no evidence: ${reason}`, {
      cause,
      hint: 'Measure again with --force',
      details: { path },
    });
  }
}
