import { sha256Hex } from '@codex-orchestrator/core';

import { loopConfigOf } from './loop-config.js';
import type {
  Plan,
  PlannedCommand,
  PlannedGate,
  PlannedLoop,
  PlannedStage,
  PlannedSubpipeline,
} from './plan.js';

/** Changes when the same definition would get another digest, so that no two are compared by chance. */
const hashVersion = 1;

/**
 * Digest of what decides what a stage does. Its names, descriptions and hints are no part of it, nor is
 * its place: a stage of the same id and digest is the same stage. Values of `env` go in and cannot be
 * read out again.
 */
export function definitionHash(stage: PlannedStage): string {
  return sha256Hex(JSON.stringify([hashVersion, definitionOf(stage)]));
}

function definitionOf(stage: PlannedStage): object {
  switch (stage.kind) {
    case 'command':
      return commandOf(stage);
    case 'gate':
      return gateOf(stage);
    case 'rlm':
      return loopOf(stage);
    case 'subpipeline':
      return subpipelineOf(stage);
  }
}

/** Every member is named, in one order: a member that is added later is thought about here. */
function commandOf(stage: PlannedCommand): object {
  const { max, backoffMs, factor, exitCodes } = stage.retries;
  return {
    kind: stage.kind,
    command: stage.command,
    workingFolder: [stage.workingFolder.kind, stage.workingFolder.path],
    env: Object.entries(stage.env).sort(byName),
    needs: [...stage.needs].sort(),
    allowFailure: stage.allowFailure,
    timeoutMs: stage.timeoutMs,
    silenceTimeoutMs: stage.silenceTimeoutMs,
    retries: { max, backoffMs, factor, exitCodes },
    inputs: stage.inputs,
  };
}

function loopOf(stage: PlannedLoop): object {
  return {
    kind: stage.kind,
    config: loopConfigOf(stage.config),
    env: Object.entries(stage.env).sort(byName),
    needs: [...stage.needs].sort(),
    allowFailure: stage.allowFailure,
  };
}

/** The section `gates` is no part of it: it is to the gate what a script is to a command. */
function gateOf(stage: PlannedGate): object {
  return {
    kind: stage.kind,
    gate: stage.gate,
    dryRun: stage.dryRun,
    env: Object.entries(stage.env).sort(byName),
    needs: [...stage.needs].sort(),
    allowFailure: stage.allowFailure,
  };
}

function subpipelineOf(stage: PlannedSubpipeline): object {
  return {
    kind: stage.kind,
    needs: [...stage.needs].sort(),
    optional: stage.optional,
    pipeline: planOf(stage.plan),
  };
}

/** Ids are part of it here: other stages of the plan need them. */
function planOf({ pipeline, order, deadlineMs, stages }: Plan): object {
  return {
    id: pipeline.id,
    order,
    deadlineMs,
    stages: stages.map((stage) => [stage.id, definitionHash(stage)]),
  };
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}
