import { nodeFileSystem, systemRandom } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import { createGit } from '@codex-orchestrator/exec';
import type { GateOptions, GatePorts } from '@codex-orchestrator/gates';

import { given } from '../given.js';
import type { Workspace } from '../workspace.js';
import type { GateConfig } from './gate-config.js';
import { judgeInstructions } from './judge-instructions.js';
import { createRunJudge } from './judge-run.js';
import { createReviewer } from './reviewer.js';
import type { ReviewerOptions } from './reviewer.js';

/** What a gate of this call looks at. */
export interface GateCall {
  readonly workspace: Workspace;
  readonly config: Pick<GateConfig, 'pipelineIds' | 'settings'>;
  readonly environment: Readonly<Record<string, string>>;
  /** The task that somebody named. */
  readonly taskId: string | undefined;
  readonly options: GateOptions;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
  /** How somebody is asked for a review, and where what they leave lies. */
  readonly reviewing: Pick<ReviewerOptions, 'folder' | 'onFiles' | 'redact' | 'runProcess'>;
  /** Starts what git does. @default that of `@codex-orchestrator/exec` */
  readonly start?: Parameters<typeof createGit>[0]['start'];
  /** @default the real file system */
  readonly fs?: FileSystem;
  /** @default that of the system */
  readonly random?: RandomSource;
}

/** Opens a gate's ports on this repository. */
export function openPorts(call: GateCall): GatePorts {
  const { workspace, config, environment, signal, start } = call;
  const { root, runsDir, outDir } = workspace;
  const fs = call.fs ?? nodeFileSystem;
  const random = call.random ?? systemRandom;
  const world = { root, environment, signal, fs, clock: call.clock, random };
  return {
    ...world,
    runsDir,
    outDir,
    taskId: call.taskId,
    settings: config.settings,
    options: call.options,
    git: createGit({ folder: root, environment, signal, ...given({ start }) }),
    pipelineIds: () => config.pipelineIds,
    judgeRun: createRunJudge(workspace),
    checkInstructions: (files) => judgeInstructions(root, files),
    review: createReviewer({ ...call.reviewing, ...world, settings: config.settings.review }),
    tell: call.tell,
  };
}
