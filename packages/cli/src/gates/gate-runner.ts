import { relative } from 'node:path';

import { sha256Hex, writeFileAtomic } from '@codex-orchestrator/core';
import type { GateFacts, GateResult } from '@codex-orchestrator/gates';
import type { Artifact } from '@codex-orchestrator/manifest';
import type { GateEnd, GateStage, Plan, RunGate } from '@codex-orchestrator/pipeline';
import type { EvidenceFile } from '@codex-orchestrator/rlm';

import { exitCodes } from '../exit-codes.js';
import type { Workspace } from '../workspace.js';
import { describeGate } from './describe-gate.js';
import { readGateConfig } from './gate-config.js';
import type { GateConfig } from './gate-config.js';
import { openPorts } from './open-ports.js';
import { redactTexts } from './redact-texts.js';

export interface GateRunnerOptions {
  readonly plan: Plan;
  readonly workspace: Workspace;
}

/** Facts of a gate that are longer as JSON stand in its findings alone: the record is read as a whole. */
const maxFactCharacters = 1024;
const maxTextCharacters = 1000;

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
    const { runGate } = await import('../gates-library.js');
    const files: EvidenceFile[] = [];
    const ports = openStagePorts(stage, files, {
      workspace,
      config: config ?? readGateConfig(workspace),
    });
    let result: GateResult;
    try {
      result = await runGate(stage.gate, ports);
    } catch (error) {
      if (stage.signal.aborted || !isGateError(error)) throw error;
      return { ...withoutVerdict(error, stage), artifacts: artifactsOf(files, stage) };
    }
    for (const line of result.lines) stage.tell(line);
    for (const warning of result.warnings) stage.tell(`warning: ${warning}`);
    const end = await describeEnd(
      redactTexts(result, (text) => stage.redact(text)),
      stage,
    );
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
    return { path: pathInRun(path, layout), bytes, sha256 };
  });
}

function pathInRun(path: string, { runDir }: Pick<GateStage['layout'], 'runDir'>): string {
  return relative(runDir, path).replaceAll('\\', '/');
}

async function describeEnd(result: GateResult, stage: GateStage): Promise<GateEnd> {
  const { gate, outcome, findings, facts, override, warnings } = result;
  const described = describeGate(result, stage.dryRun);
  const evidence = await writeFindings(described, stage);
  return {
    passes: described.exit_code === exitCodes.succeeded.code,
    exitCode: described.exit_code,
    summary: summarize(result, stage),
    notes: [...warnings.map((warning) => `Gate ${gate}: ${warning}`), ...evidence.notes],
    artifacts: evidence.artifacts,
    record: {
      name: gate,
      outcome,
      dry_run: stage.dryRun,
      findings: findings.length,
      override: override?.slice(0, maxTextCharacters) ?? null,
      facts: shortFacts(facts),
    },
  };
}

function summarize({ gate, outcome, findings }: GateResult, { dryRun }: GateStage): string {
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  const words = outcome.replaceAll('_', ' ');
  const found = findings.length === 0 ? '' : ` with ${count}`;
  return `Gate ${gate}: ${words}${found}${dryRun ? ', only reported' : ''}`;
}

function shortFacts(facts: GateFacts): GateFacts {
  const entries = Object.entries(facts).filter(
    ([, fact]) => JSON.stringify(fact).length <= maxFactCharacters,
  );
  return Object.fromEntries(entries);
}

/** All that the gate found. A verdict without it is one nevertheless, and the run says so. */
async function writeFindings(
  findings: object,
  { findingsPath, layout, fs, clock, random }: GateStage,
): Promise<Pick<GateEnd, 'artifacts' | 'notes'>> {
  const bytes = Buffer.from(`${JSON.stringify(findings, null, 2)}\n`);
  try {
    await writeFileAtomic(findingsPath, bytes, { fs, clock, random, root: layout.runDir });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { artifacts: [], notes: [`What the gate found could not be written: ${reason}`] };
  }
  const artifact: Artifact = {
    path: pathInRun(findingsPath, layout),
    bytes: bytes.byteLength,
    sha256: sha256Hex(bytes),
  };
  return { artifacts: [artifact], notes: [] };
}

interface GateFailure extends Error {
  readonly code: string;
  readonly hint: string | undefined;
}

/** By its name: asking the class would load the package before a gate is asked. */
function isGateError(error: unknown): error is GateFailure {
  return error instanceof Error && error.name === 'GateError';
}

function withoutVerdict({ code, message, hint }: GateFailure, stage: GateStage): GateEnd {
  stage.tell(`${code}: ${message}`);
  if (hint !== undefined) stage.tell(hint);
  return {
    passes: false,
    exitCode: exitCodes.usage.code,
    summary: stage.redact(`Gate ${stage.gate} came to no verdict: ${message}`),
    notes: [],
    artifacts: [],
    record: null,
  };
}
