import type { GatePorts, ReviewFinding, ReviewSettings } from '@codex-orchestrator/gates';
import type { EvidenceFile, ReviewedFinding, ReviewPorts } from '@codex-orchestrator/rlm';

import { given } from '../given.js';

export interface ReviewerOptions extends ReviewPorts {
  /** Who reviews. */
  readonly settings: ReviewSettings | undefined;
  /** What is reviewed, absolute. */
  readonly root: string;
  /** Where prompt, output, events and answer are left, absolute. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told of the files that a review left, with what was written into them. */
  readonly onFiles?: (files: readonly EvidenceFile[]) => void;
}

/**
 * Has an agent review what a gate asks for: the one that the settings name, else the one that the
 * environment names for loops, else the first that is installed. The agents are loaded when a gate asks.
 */
export function createReviewer(options: ReviewerOptions): GatePorts['review'] {
  const { settings, root, folder, onFiles, ...ports } = options;
  return async ({ prompt, timeoutMs }) => {
    const { takeReview } = await import('../loop-library.js');
    const { agent, program, agentArgs, agentTemplate } = settings ?? {};
    const reviewer = given({ agent, program, agentArgs, agentTemplate });
    const taken = await takeReview({ prompt, timeoutMs, root, folder, reviewer }, ports);
    onFiles?.(taken.files);
    const files = taken.files.map(({ path }) => path);
    if (taken.kind === 'not-reviewed') {
      return { kind: 'not-reviewed', agent: taken.agent, reason: taken.reason, files };
    }
    const { verdict, omitted, message } = taken;
    const findings = taken.findings.map(toFinding);
    return { kind: 'reviewed', agent: taken.agent, verdict, findings, omitted, message, files };
  };
}

function toFinding({ severity, file, line, title, message, fix }: ReviewedFinding): ReviewFinding {
  const said = message === '' ? title : `${title.replace(/[.:]$/, '')}: ${message}`;
  return { rule: 'review-finding', severity, file, line, message: said.replace(/\.$/, ''), fix };
}
