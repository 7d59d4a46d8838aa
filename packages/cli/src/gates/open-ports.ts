import { resolve } from 'node:path';

import { nodeFileSystem, systemRandom } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import { createGit } from '@codex-orchestrator/exec';
import type { GateOptions, GatePorts } from '@codex-orchestrator/gates';

import { given } from '../given.js';
import type { Workspace } from '../workspace.js';
import type { GateConfig } from './gate-config.js';
import { judgeInstructions } from './judge-instructions.js';

/** What a gate of this call looks at. */
export interface GateCall {
  readonly workspace: Pick<Workspace, 'outDir' | 'root' | 'runsDir'>;
  readonly config: Pick<GateConfig, 'pipelineIds' | 'settings'>;
  readonly environment: Readonly<Record<string, string>>;
  /** The task that somebody named. */
  readonly taskId: string | undefined;
  readonly options: GateOptions;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
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
  return {
    root,
    runsDir,
    outDir,
    environment,
    taskId: call.taskId,
    settings: config.settings,
    options: call.options,
    git: createGit({ folder: root, environment, signal, ...given({ start }) }),
    signal,
    fs: call.fs ?? nodeFileSystem,
    clock: call.clock,
    random: call.random ?? systemRandom,
    pipelineIds: () => config.pipelineIds,
    judgeRun: () => Promise.reject(new Error('not yet')),
    checkInstructions: (files) => judgeInstructions(root, files),
    review: () => Promise.reject(new Error('not yet')),
    tell: call.tell,
  };
}

/** A path as somebody types it, from the folder of the call on. */
export function typedPath(typed: string | undefined, cwd: string): string | undefined {
  return typed === undefined ? undefined : resolve(cwd, typed);
}
