import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

import type { RunSample, StageSample } from './run-sample.js';
import {
  amountOf,
  attemptOf,
  countsOf,
  durationOf,
  isText,
  sampleOfEntry,
  timeOf,
} from './sample-of-entry.js';

/**
 * The record of a run as a sample. What a record does not say, such as the machine, and what both count,
 * is taken from the line of the history that is about the same attempt, where one is given.
 */
export function sampleOfRun(manifest: Manifest, entry?: unknown): RunSample {
  const own = sampleOfManifest(manifest);
  const counted = entry === undefined ? undefined : sampleOfEntry(entry);
  if (counted?.runId !== own.runId || counted.attempt !== own.attempt) return own;
  return {
    ...own,
    commit: own.commit ?? counted.commit,
    tags: own.tags.length === 0 ? counted.tags : own.tags,
    machine: counted.machine,
    toolVersion: own.toolVersion ?? counted.toolVersion,
    manifestWrites: counted.manifestWrites,
    manifestBytes: counted.manifestBytes,
    journalLines: counted.journalLines,
    fsyncs: counted.fsyncs,
    peakMemoryBytes: counted.peakMemoryBytes,
    source: 'history',
  };
}

function sampleOfManifest(manifest: Manifest): RunSample {
  const { commit, tags } = manifest.options;
  return {
    runId: manifest.run_id,
    taskId: manifest.task_id,
    pipelineId: manifest.pipeline_id,
    attempt: attemptOf(manifest.attempt),
    status: manifest.status,
    startedAt: timeOf(manifest.started_at),
    commit: isText(commit) ? commit : null,
    tags: isText(tags) ? tags.split(',').filter(isText) : [],
    machine: null,
    toolVersion: manifest.tool?.version ?? null,
    ...durationOf(amountOf(manifest.active_seconds), amountOf(manifest.duration_ms)),
    stages: manifest.commands.map(stageOf),
    ...countsOf(manifest.observability),
    peakMemoryBytes: null,
    source: 'manifest',
  };
}

function stageOf({ id, status, duration_ms, attempts }: StageRecord): StageSample {
  return { id, status, durationMs: amountOf(duration_ms), attempts: amountOf(attempts) ?? 0 };
}
