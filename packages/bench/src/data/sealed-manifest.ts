import { sha256Hex } from '@codex-orchestrator/core';

import { isoTime } from './iso-time.js';
import { artifactOf, endOf, sealedDefinition, sealedOwner, sealedTool } from './sealed-run.js';
import type { ChainedJournal, DrawnSealedRun, DrawnSealedStage } from './sealed-run.js';

/** The `manifest.json` that a journal comes to, with its checksum as the last member. */
export function sealedManifestText(run: DrawnSealedRun, journal: ChainedJournal): string {
  const text = `${JSON.stringify(manifestOf(run, journal), null, 2)}\n`;
  return `${text.slice(0, -'\n}\n'.length)},\n  "checksum": "${sha256Hex(text)}"\n}\n`;
}

function manifestOf(run: DrawnSealedRun, journal: ChainedJournal): object {
  const journalBytes = Buffer.byteLength(journal.text);
  return {
    ...headOf(run),
    commands: run.stages.map((stage) => commandOf(run, stage)),
    child_runs: [],
    run_summary_path: null,
    plan_target_id: run.stages[0] ? `bench:${run.stages[0].id}` : null,
    options: {},
    instructions_hash: null,
    instructions_sources: [],
    guardrails_required: false,
    guardrail_status: {
      present: false,
      recommendation: null,
      summary: 'Guardrails: spec-guard not configured for this pipeline.',
      computed_at: isoTime(endOf(run)),
      counts: { total: 0, succeeded: 0, failed: 0, skipped: 0, other: 0 },
    },
    handles: [],
    privacy: {
      mode: 'enforce',
      decisions: [],
      totals: { total_frames: 0, redacted_frames: 0, blocked_frames: 0, allowed_frames: 0 },
      log_path: null,
    },
    artifacts: run.stages.map(artifactOf),
    journal: { lines: journal.lines, bytes: journalBytes, head: journal.head },
    observability: {
      manifest_writes: 2,
      manifest_bytes: 8000,
      journal_lines: journal.lines,
      journal_bytes: journalBytes,
      fsyncs: 12,
    },
  };
}

function headOf(run: DrawnSealedRun): object {
  const endedMs = endOf(run);
  const artifactRoot = `.runs/${run.taskId}/cli/${run.runId}`;
  return {
    version: 1,
    task_id: run.taskId,
    task_slug: run.taskId,
    run_id: run.runId,
    parent_run_id: null,
    pipeline_id: 'bench',
    pipeline_title: 'bench',
    runner: 'codex-cli',
    tool: sealedTool,
    owner: sealedOwner,
    attempt: 1,
    approval_policy: null,
    status: 'succeeded',
    status_detail: null,
    started_at: isoTime(run.startedMs),
    completed_at: isoTime(endedMs),
    updated_at: isoTime(endedMs + 30),
    heartbeat_at: isoTime(endedMs),
    heartbeat_interval_seconds: 5,
    heartbeat_stale_after_seconds: 30,
    duration_ms: endedMs - run.startedMs,
    active_seconds: (endedMs - run.startedMs) / 1000,
    gap_seconds: 0,
    artifact_root: artifactRoot,
    compat_path: artifactRoot,
    log_path: `${artifactRoot}/runner.ndjson`,
    workspace_path: '/workspace',
    summary: null,
    metrics_recorded: true,
    resume_token: null,
    ...{ resume_events: [], recoveries: [], approvals: [] },
  };
}

function commandOf(run: DrawnSealedRun, stage: DrawnSealedStage): object {
  const { index, id, pid } = stage;
  return {
    ...{ index, id, title: id, command: 'true', kind: 'command', status: 'succeeded' },
    started_at: isoTime(stage.startedMs),
    completed_at: isoTime(stage.startedMs + stage.durationMs),
    exit_code: 0,
    summary: 'Command completed with code 0',
    log_path: `.runs/${run.taskId}/cli/${run.runId}/${stage.logFile}`,
    ...{ error_file: null, sub_run_id: null, outcome: 'exited', reason: null, signal: null },
    duration_ms: stage.durationMs,
    ...{ attempts: 1, needs: null, allow_failure: false },
    log_bytes: Buffer.byteLength(stage.log),
    log_omitted_bytes: 0,
    definition_hash: sealedDefinition,
    inputs_hash: null,
    process: { pid, process_group: pid, started_at: '4710209' },
  };
}
