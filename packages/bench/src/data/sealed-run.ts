import { sha256Hex } from '@codex-orchestrator/core';

import type { DatasetFile } from './dataset-cache.js';
import { fileTime, isoTime } from './iso-time.js';
import { sealedManifestText } from './sealed-manifest.js';
import { createDraws } from './seeded-draws.js';
import { words } from './words.js';

/** Raise it when other bytes come of the same options. */
export const sealedRunVersion = 1;

/** The task that runs are of. */
export const sealedRunTaskId = 'task-0930';

export interface DrawnSealedRun {
  readonly runId: string;
  readonly taskId: string;
  readonly startedMs: number;
  readonly stages: readonly DrawnSealedStage[];
}

export interface DrawnSealedStage {
  readonly index: number;
  readonly id: string;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly pid: number;
  readonly log: string;
  /** Relative to the folder of the run. */
  readonly logFile: string;
}

/** A journal that is whole: its text and the chain of its last line. */
export interface ChainedJournal {
  readonly text: string;
  readonly lines: number;
  readonly head: string;
}

/**
 * The files of a run that succeeded and was sealed and counted, as this version of the program writes them
 * but for the right to resume it: journal with its chain, manifest with its checksum, one log per stage.
 */
export function sealedRunFiles(
  index: number,
  options: { readonly stages: number; readonly seed: number },
): readonly DatasetFile[] {
  const run = drawRun(index, options);
  const journal = chained(eventsOf(run));
  const files = [
    ...run.stages.map(({ logFile, log }) => ({ path: logFile, text: log })),
    { path: 'manifest.json', text: sealedManifestText(run, journal) },
    { path: 'runner.ndjson', text: journal.text },
  ];
  const folder = `.runs/${run.taskId}/cli/${run.runId}`;
  return files.map(({ path, text }) => ({
    path: `${folder}/${path}`,
    chunks: [Buffer.from(text)],
  }));
}

function drawRun(index: number, options: { stages: number; seed: number }): DrawnSealedRun {
  const random = createDraws(options.seed ^ 0x1f83d9ab, index);
  const startedMs = Date.UTC(2026, 0, 5, 6, 0, 0) + index * 97_000 + random.below(40_000);
  let atMs = startedMs + 40;
  const stages = Array.from({ length: options.stages }, (_, at) => {
    const durationMs = 5 + random.below(9000);
    const id = `stage-${String(at + 1).padStart(2, '0')}`;
    const log = Array.from({ length: 4 + random.below(20) }, () => random.pick(words)).join(' ');
    const stage = {
      index: at + 1,
      id,
      startedMs: atMs,
      durationMs,
      pid: 2000 + random.below(30_000),
      log: `${log}\n`,
      logFile: `commands/${String(at + 1).padStart(2, '0')}-${id}.log`,
    };
    atMs += durationMs + 2;
    return stage;
  });
  return {
    runId: `${fileTime(startedMs)}-${random.hex(8)}`,
    taskId: sealedRunTaskId,
    startedMs,
    stages,
  };
}

/** When the last stage has ended. */
export function endOf({ startedMs, stages }: DrawnSealedRun): number {
  const last = stages.at(-1);
  return (last ? last.startedMs + last.durationMs : startedMs) + 8;
}

export function artifactOf({ log, logFile }: DrawnSealedStage): object {
  return { path: logFile, bytes: Buffer.byteLength(log), sha256: sha256Hex(log) };
}

export const sealedOwner = {
  pid: 1999,
  process_started_at: '4710154',
  boot_id: '9fe9cd7d-2900-4016-9d00-ac81f690e616',
  host: 'bench',
  namespace: null,
};
export const sealedTool = {
  name: 'codex-orchestrator',
  version: '0.1.0',
  node: 'v20.20.2',
  platform: 'linux-x64',
};
export const sealedDefinition = sha256Hex('a stage of a data set');

interface JournalEvent {
  readonly atMs: number;
  readonly type: string;
  readonly members: object;
}

function eventsOf(run: DrawnSealedRun): readonly JournalEvent[] {
  const endedMs = endOf(run);
  const finished = {
    status: 'succeeded',
    status_detail: null,
    duration_ms: endedMs - run.startedMs,
    notes: [],
    artifacts: [],
  };
  return [
    { atMs: run.startedMs, type: 'run.started', members: startedMembers(run) },
    ...run.stages.flatMap((stage) => stageEvents(run, stage)),
    { atMs: endedMs, type: 'run.finished', members: finished },
    { atMs: endedMs + 30, type: 'run.recorded', members: { attempt: 1, history: 'metrics' } },
  ];
}

function startedMembers(run: DrawnSealedRun): object {
  const artifactRoot = `.runs/${run.taskId}/cli/${run.runId}`;
  return {
    task_id: run.taskId,
    task_slug: run.taskId,
    run_id: run.runId,
    parent_run_id: null,
    attempt: 1,
    pipeline_id: 'bench',
    pipeline_title: 'bench',
    stages: run.stages.map(({ index, id }) => ({
      index,
      id,
      title: id,
      kind: 'command',
      command: 'true',
      needs: null,
      allow_failure: false,
      definition_hash: sealedDefinition,
    })),
    owner: sealedOwner,
    tool: sealedTool,
    options: {},
    approval_policy: null,
    plan_target_id: run.stages[0] ? `bench:${run.stages[0].id}` : null,
    guardrails_required: false,
    workspace_path: '/workspace',
    artifact_root: artifactRoot,
    log_path: `${artifactRoot}/runner.ndjson`,
    heartbeat_interval_seconds: 5,
    heartbeat_stale_after_seconds: 30,
    privacy_mode: 'enforce',
  };
}

function stageEvents(run: DrawnSealedRun, stage: DrawnSealedStage): readonly JournalEvent[] {
  const { index, id, startedMs, durationMs, pid } = stage;
  const logPath = `.runs/${run.taskId}/cli/${run.runId}/${stage.logFile}`;
  const process = { pid, process_group: pid, process_started_at: '4710209' };
  const finished = {
    ...{ index, id, exit_code: 0, signal: null, reason: null },
    log_path: logPath,
    log_bytes: Buffer.byteLength(stage.log),
    log_omitted_bytes: 0,
    error_file: null,
    child_run: null,
    artifacts: [artifactOf(stage)],
    privacy: { frames: 0, redacted_frames: 0, blocked_frames: 0, matches: {} },
    ...{ status: 'succeeded', outcome: 'exited', duration_ms: durationMs },
    summary: 'Command completed with code 0',
  };
  const started = { index, id, log_path: logPath, inputs_hash: null };
  return [
    { atMs: startedMs, type: 'stage.started', members: started },
    { atMs: startedMs + 1, type: 'stage.spawned', members: { index, id, attempt: 1, ...process } },
    { atMs: startedMs + durationMs, type: 'stage.finished', members: finished },
  ];
}

/** `chain` is the SHA-256 of that of the line before and the line without it. */
function chained(events: readonly JournalEvent[]): ChainedJournal {
  let text = '';
  let head = '';
  for (const [at, { atMs, type, members }] of events.entries()) {
    const body = JSON.stringify({ v: 1, seq: at + 1, at: isoTime(atMs), type, ...members });
    head = sha256Hex(head + body);
    text += `${body.slice(0, -1)},"chain":"${head}"}\n`;
  }
  return { text, lines: events.length, head };
}
