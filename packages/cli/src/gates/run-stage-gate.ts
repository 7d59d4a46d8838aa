import { relative } from 'node:path';

import { messageOf, sha256Hex, writeFileAtomic } from '@codex-orchestrator/core';
import { GateError, runGate } from '@codex-orchestrator/gates';
import type { Finding, GateFacts, GatePorts, GateResult } from '@codex-orchestrator/gates';
import type { Artifact } from '@codex-orchestrator/manifest';
import type { GateEnd, GateStage } from '@codex-orchestrator/pipeline';

import { exitCodes } from '../exit-codes.js';
import { describeGate } from './describe-gate.js';
import { redactTexts } from './redact-texts.js';

/** Facts of a gate that are longer as JSON stand in its findings alone: the record is read as a whole. */
const maxFactCharacters = 1024;
const maxTextCharacters = 1000;

/**
 * Runs the gate of a stage, tells what it says, and leaves all that it found in the run's folder.
 *
 * @throws what is no error of a gate, and anything once the stage is to end
 */
export async function runStageGate(stage: GateStage, ports: GatePorts): Promise<GateEnd> {
  let result: GateResult;
  try {
    result = await runGate(stage.gate, ports);
  } catch (error) {
    if (stage.signal.aborted || !(error instanceof GateError)) throw error;
    return withoutVerdict(error, stage);
  }
  for (const line of result.lines) stage.tell(line);
  for (const warning of result.warnings) stage.tell(`warning: ${warning}`);
  return describeEnd(
    redactTexts(result, (text) => stage.redact(text)),
    stage,
  );
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

/** One line, with the first thing that was found: whoever reads it should not have to look for that. */
function summarize(result: GateResult, { dryRun }: GateStage): string {
  const { gate, outcome, findings, passes, lines } = result;
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  const words = outcome.replaceAll('_', ' ');
  const found = findings.length === 0 ? '' : ` with ${count}`;
  const [first] = findings;
  const reason = first ? describeFinding(first) : passes ? undefined : lines.at(-1);
  const detail = reason === undefined ? '' : `: ${reason.slice(0, maxTextCharacters)}`;
  return `Gate ${gate}: ${words}${found}${dryRun ? ', only reported' : ''}${detail}`;
}

function describeFinding({ file, line, message }: Finding): string {
  const place = file === null ? '' : line === null ? `${file}: ` : `${file}:${line}: `;
  return `${place}${message}`;
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
    const reason = messageOf(error);
    return { artifacts: [], notes: [`What the gate found could not be written: ${reason}`] };
  }
  const artifact: Artifact = {
    path: relative(layout.runDir, findingsPath).replaceAll('\\', '/'),
    bytes: bytes.byteLength,
    sha256: sha256Hex(bytes),
  };
  return { artifacts: [artifact], notes: [] };
}

function withoutVerdict({ code, message, hint }: GateError, stage: GateStage): GateEnd {
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
