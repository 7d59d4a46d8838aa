import { messageOf, sha256Hex, writeFileAtomic } from '@codex-orchestrator/core';
import type { CommandResult } from '@codex-orchestrator/exec';
import type { Artifact } from '@codex-orchestrator/manifest';

import { displayCommand } from './display-command.js';
import type { PlannedCommand, PlannedStage } from './plan.js';
import { redactFacts } from './redact-facts.js';
import type { StageContext } from './stage-context.js';
import { runRelative } from './stage-files.js';
import { describeOutcome } from './summaries.js';

/** Most characters of one text in an error file. */
const maxTextCharacters = 8192;

/** What `errors/NN-<stage>.json` holds: why a stage did not succeed, and what a command printed last. */
export interface StageErrorFile {
  readonly run_id: string;
  readonly task_id: string;
  readonly command_index: number;
  readonly command_id: string;
  readonly command: string;
  /** `command-execution-error` when what the stage does could not be done at all. */
  readonly reason: 'command-execution-error' | 'command-failed' | 'gate-failed' | 'loop-failed';
  readonly details: Readonly<Record<string, boolean | number | string>>;
  readonly created_at: string;
}

/** What is particular about one failure. */
export type StageFailure = Pick<StageErrorFile, 'command' | 'details' | 'reason'>;

export interface ErrorFileReport {
  /** Relative to the root; null where there is none. */
  readonly path: string | null;
  readonly artifacts: readonly Artifact[];
  readonly notes: readonly string[];
}

export const noErrorFile: ErrorFileReport = { path: null, artifacts: [], notes: [] };

/** Writes the error file of a stage. One that cannot be written is no reason to lose the verdict. */
export async function tryErrorFile(
  stage: PlannedStage,
  failure: StageFailure,
  context: StageContext,
): Promise<ErrorFileReport> {
  try {
    const { path, artifact } = await writeErrorFile(stage, failure, context);
    return { path: context.layout.relative(path), artifacts: [artifact], notes: [] };
  } catch (error) {
    const note = `Error file of stage '${stage.title}' could not be written: ${messageOf(error)}.`;
    return { ...noErrorFile, notes: [note] };
  }
}

async function writeErrorFile(
  stage: PlannedStage,
  failure: StageFailure,
  context: StageContext,
): Promise<{ readonly path: string; readonly artifact: Artifact }> {
  const { layout, settings } = context;
  const { fs, random, clock, redactor } = settings;
  const path = layout.stageErrorPath(stage.index, stage.id);
  const file: StageErrorFile = {
    run_id: layout.runId,
    task_id: layout.taskId,
    command_index: stage.index,
    command_id: stage.id,
    ...failure,
    created_at: new Date(clock.nowMs()).toISOString(),
  };
  const bytes = Buffer.from(`${JSON.stringify(redactFacts(file, redactor), null, 2)}\n`);
  await writeFileAtomic(path, bytes, { fs, random, clock, root: layout.runDir });
  const written = { bytes: bytes.byteLength, sha256: sha256Hex(bytes) };
  return { path, artifact: { path: runRelative(layout, path), ...written } };
}

/** The failure of a command. */
export function commandFailure(
  { command }: PlannedCommand,
  result: CommandResult,
  attempts: number,
): StageFailure {
  const isStarted = result.outcome.kind !== 'spawn-failed';
  return {
    command: displayCommand(command),
    reason: isStarted ? 'command-failed' : 'command-execution-error',
    details: describeFailure(result, attempts),
  };
}

/** Pure part of the error file. Texts are cut at their start: what was printed last tells most. */
export function describeFailure(
  { outcome, stdout, stderr }: CommandResult,
  attempts: number,
): StageErrorFile['details'] {
  return {
    outcome: outcome.kind,
    message: describeOutcome(outcome),
    exit_code: outcome.exitCode,
    ...(outcome.kind === 'signalled' ? { signal: outcome.signal } : {}),
    ...(outcome.kind === 'spawn-failed' ? { errno: outcome.errno } : {}),
    attempts,
    ...describeTail('stderr', stderr),
    ...describeTail('stdout', stdout),
  };
}

function describeTail(
  name: 'stderr' | 'stdout',
  { text, truncated }: CommandResult['stdout'],
): Record<string, boolean | string> {
  const isLong = text.length > maxTextCharacters;
  return {
    [name]: isLong ? `…${text.slice(-maxTextCharacters).replace(/^[\uDC00-\uDFFF]/, '')}` : text,
    ...(isLong || truncated ? { [`${name}_truncated`]: true } : {}),
  };
}
