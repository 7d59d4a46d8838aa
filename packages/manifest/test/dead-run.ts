import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

import { sha256Hex } from '@codex-orchestrator/core';
import type { Clock, FileSystem } from '@codex-orchestrator/core';

import { openRunRecord, reopenRunRecord } from '../src/index.js';
import type {
  Manifest,
  MovedFile,
  RunEvent,
  RunHistory,
  RunLayout,
  RunRecord,
} from '../src/index.js';
import { nextAttempt, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

export interface DeadRunPorts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Counts every attempt that has ended. @default nobody */
  readonly history?: RunHistory;
  /** Told of every fact that was confirmed. */
  readonly confirm?: (event: RunEvent) => void;
}

/** A run of two stages whose runner died in the second one, in the middle of a line. */
export async function leaveDeadRun(layout: RunLayout, ports: DeadRunPorts): Promise<void> {
  const record = await openRunRecord(sampleStart(layout, 2), ports);
  for (const index of [1, 2]) {
    record.append(stageStarted(index));
    writeLog(layout, { index, text: 'one\n' });
    if (index === 1) record.append(finished(index, 'one\n'));
  }
  await record.close();
  appendFileSync(layout.journalPath, '{"v":1,"seq":5,"at":"2026');
}

/**
 * What recovering and resuming do to a record, from wherever it stands: it ends an attempt whose runner
 * died, and begins another one until the run has succeeded.
 */
export async function continueRun(layout: RunLayout, ports: DeadRunPorts): Promise<void> {
  while ((await step(layout, ports)) !== 'succeeded');
}

async function step(layout: RunLayout, ports: DeadRunPorts): Promise<Manifest['status']> {
  const { record, repair } = await reopenRunRecord(layout, ports);
  try {
    if (record.manifest.status === 'in_progress') await recover(record, repair, ports);
    else if (isOwed(record, ports)) await count(record);
    else if (record.manifest.status === 'interrupted') await resume(record, ports);
    else await record.checkpoint();
    return record.manifest.status;
  } finally {
    await record.close();
  }
}

function isOwed({ manifest, layout }: RunRecord, { history }: DeadRunPorts): boolean {
  return history !== undefined && !manifest.metrics_recorded && existsSync(layout.activeMarkerPath);
}

/** Nothing follows an attempt that is not counted. */
async function count(record: RunRecord): Promise<void> {
  await record.checkpoint();
  const [problem] = record.problems;
  if (problem) throw problem;
}

async function recover(
  record: RunRecord,
  repair: {
    readonly tornBytes: number;
    readonly tornPath: string | null;
    readonly lostLines: number;
  },
  { confirm = () => undefined }: DeadRunPorts,
): Promise<void> {
  const { owner, updated_at: last_seen_at } = record.manifest;
  if (!owner) throw new Error('the record has no owner');
  const { tornBytes: torn_bytes, tornPath: torn_path, lostLines: lost_lines } = repair;
  const damage = { torn_bytes, torn_path, lost_lines, ended_groups: [] };
  const reason = 'owner-dead';
  confirm(record.append({ type: 'run.recovered', by: owner, reason, last_seen_at, ...damage }));
  for (const { index, status } of record.manifest.commands) {
    if (status !== 'running') continue;
    const interrupted = { status: 'interrupted', outcome: 'interrupted' } as const;
    confirm(
      record.append(stageFinished(index, { ...interrupted, exit_code: null, duration_ms: null })),
    );
  }
  await record.seal({ status: 'interrupted', status_detail: 'owner-dead', duration_ms: 7 });
}

async function resume(record: RunRecord, ports: DeadRunPorts): Promise<void> {
  const { confirm = () => undefined } = ports;
  const { layout, manifest } = record;
  const kept = manifest.commands.filter(({ status }) => status === 'succeeded');
  const again = manifest.commands.filter(({ status }) => status !== 'succeeded');
  const moved = again.flatMap(({ index }) => movesOf(layout, index, manifest.attempt));
  const attempt = nextAttempt(record, { kept: kept.map(({ id }) => id), moved });
  confirm(await record.beginAttempt(attempt));
  for (const { index } of again) {
    confirm(record.append(stageStarted(index)));
    const text = `attempt ${record.manifest.attempt}\n`;
    writeLog(layout, { index, text });
    confirm(record.append(finished(index, text)));
  }
  await record.seal(succeeded);
}

function movesOf(layout: RunLayout, index: number, attempt: number): MovedFile[] {
  const name = logName(index);
  if (!existsSync(layout.stageLogPath(index, `stage-${index}`))) return [];
  return [{ from: name, to: `attempts/${attempt}/${name}` }];
}

function finished(index: number, text: string): ReturnType<typeof stageFinished> {
  const artifact = { path: logName(index), bytes: text.length, sha256: sha256Hex(text) };
  return stageFinished(index, { artifacts: [artifact] });
}

function writeLog(
  layout: RunLayout,
  { index, text }: { readonly index: number; readonly text: string },
): void {
  writeFileSync(layout.stageLogPath(index, `stage-${index}`), text);
}

export function logName(index: number): string {
  return `commands/0${index}-stage-${index}.log`;
}
