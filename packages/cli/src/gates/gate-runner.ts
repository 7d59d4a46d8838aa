import { relative } from 'node:path';

import type { Artifact } from '@codex-orchestrator/manifest';
import type { GateStage, Plan, RunGate } from '@codex-orchestrator/pipeline';
import type { EvidenceFile } from '@codex-orchestrator/rlm';

import type { Workspace } from '../workspace.js';
import { readGateConfig } from './gate-config.js';
import type { GateConfig } from './gate-config.js';
import { openPorts } from './open-ports.js';

export interface GateRunnerOptions {
  readonly plan: Plan;
  readonly workspace: Workspace;
}

/**
 * Runs the gate stages of a run. How gates are set up is read before the first stage begins, where the
 * plan has one: what stages do to the configuration sets up the gates of later runs. The gates themselves
 * are loaded when a stage asks for one.
 *
 * @throws PipelineError `INVALID_CONFIG` where the section `gates` cannot be used
 */
export function createGateRunner({ plan, workspace }: GateRunnerOptions): RunGate {
  const config = hasGate(plan) ? readGateConfig(workspace) : undefined;
  return async (stage) => {
    const { runStageGate } = await import('../gates-library.js');
    const files: EvidenceFile[] = [];
    const place = { workspace, config: config ?? readGateConfig(workspace) };
    const end = await runStageGate(stage, openStagePorts(stage, files, place));
    return { ...end, artifacts: [...end.artifacts, ...artifactsOf(files, stage)] };
  };
}

/** Whether a plan has a gate, those of its subpipelines included. */
function hasGate({ stages }: Plan): boolean {
  return stages.some(
    (stage) => stage.kind === 'gate' || (stage.kind === 'subpipeline' && hasGate(stage.plan)),
  );
}

function openStagePorts(
  stage: GateStage,
  files: EvidenceFile[],
  place: { readonly workspace: Workspace; readonly config: GateConfig },
): ReturnType<typeof openPorts> {
  const { environment, signal, fs, clock, random, layout } = stage;
  return openPorts({
    ...place,
    environment,
    taskId: layout.taskId,
    options: {},
    signal,
    fs,
    clock,
    random,
    start: (command, options = {}) => stage.query(command, options),
    tell: (line) => {
      stage.tell(line);
    },
    reviewing: {
      folder: `${stage.filesPrefix}review`,
      runProcess: (command, options) => stage.run(command, options),
      redact: (text) => stage.redact(text),
      onFiles: (left) => files.push(...left),
    },
  });
}

/** What the reviewer's turn wrote, and not what is there by now: then it shows where somebody changed it. */
function artifactsOf(files: readonly EvidenceFile[], { layout }: GateStage): Artifact[] {
  return files.map(({ path, bytes, sha256 }) => {
    return { path: relative(layout.runDir, path).replaceAll('\\', '/'), bytes, sha256 };
  });
}
