import { chmod } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { takeReview } from '../../src/index.js';
import type { ReviewPorts, ReviewRequest, TakenReview } from '../../src/index.js';
import { redact, runProcess } from '../agent/take-turn.js';

export interface ReviewRig extends AsyncDisposable {
  readonly rig: Rig;
  /** Has a shell script be the codex that is on the path, and takes a review of it. */
  take(script: string, request?: Partial<ReviewRequest>, ports?: ReviewPorts): Promise<TakenReview>;
}

export async function createReviewRig(): Promise<ReviewRig> {
  const rig = await createRig('review-');
  return {
    rig,
    take: async (script, request = {}, ports = {}) => {
      await rig.write({ 'bin/codex': `#!/bin/sh\n${script}\n`, 'repo/file': 'as it was\n' });
      await chmod(rig.path('bin/codex'), 0o755);
      return takeReview(
        { prompt: 'Review it.', root: rig.path('repo'), folder: rig.path('review'), ...request },
        {
          runProcess,
          redact,
          environment: { PATH: `${rig.path('bin')}:/usr/bin:/bin`, HOME: rig.root },
          ...ports,
        },
      );
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** A message with a block of JSON. */
export function block(value: unknown): string {
  return `I have looked.\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
}

export const approval = { version: 1, verdict: 'approve', findings: [] };
