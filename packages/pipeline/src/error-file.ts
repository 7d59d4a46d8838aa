import { sha256Hex, writeFileAtomic } from '@codex-orchestrator/core';
import type { CommandResult } from '@codex-orchestrator/exec';
import type { Artifact } from '@codex-orchestrator/manifest';

import { displayCommand } from './display-command.js';
import type { PlannedCommand } from './plan.js';
import { redactFacts } from './redact-facts.js';
import type { StageContext } from './stage-context.js';
import { runRelative } from './stage-files.js';
import { describeOutcome } from './summaries.js';

/** Most characters of one text in an error file. */
const maxTextCharacters = 8192;

/** What `errors/NN-<stage>.json` holds: why a command did not succeed and what it printed last. */
export interface StageErrorFile {
  readonly run_id: string;
  readonly task_id: string;
  readonly command_index: number;
  readonly command_id: string;
  readonly command: string;
  /** `command-execution-error` when the command never ran. */
  readonly reason: 'command-execution-error' | 'command-failed';
  readonly details: Readonly<Record<string, boolean | number | string>>;
  readonly created_at: string;
}

export interface WrittenErrorFile {
  readonly path: string;
  readonly artifact: Artifact;
}

/** Writes the error file of a failed command. */
export async function writeErrorFile(
  stage: PlannedCommand,
  result: CommandResult,
  attempts: number,
  context: StageContext,
): Promise<WrittenErrorFile> {
  const { layout, settings } = context;
  const { fs, random, clock, redactor } = settings;
  const path = layout.stageErrorPath(stage.index, stage.id);
  const file: StageErrorFile = {
    run_id: layout.runId,
    task_id: layout.taskId,
    command_index: stage.index,
    command_id: stage.id,
    command: displayCommand(stage.command),
    reason: result.outcome.kind === 'spawn-failed' ? 'command-execution-error' : 'command-failed',
    details: describeFailure(result, attempts),
    created_at: new Date(clock.nowMs()).toISOString(),
  };
  const bytes = Buffer.from(`${JSON.stringify(redactFacts(file, redactor), null, 2)}\n`);
  await writeFileAtomic(path, bytes, { fs, random, clock, root: layout.runDir });
  const written = { bytes: bytes.byteLength, sha256: sha256Hex(bytes) };
  return { path, artifact: { path: runRelative(layout, path), ...written } };
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
