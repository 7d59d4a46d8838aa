import { parseManifest } from '@codex-orchestrator/manifest';
import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

export const startedAt = '2026-11-21T10:00:00.000Z';

/** A time of the run: so many milliseconds after its start. */
export function at(ms: number): string {
  return new Date(Date.parse(startedAt) + ms).toISOString();
}

/** A run of ten seconds that succeeded; what is not said of it is as in a run without anything. */
export function manifestWith(
  commands: readonly StageRecord[],
  members: Partial<Manifest> = {},
): Manifest {
  const parsed = parseManifest({
    version: 1,
    task_id: 't',
    run_id: '2026-11-21T10-00-00-000Z-aaaaaaaaaaaa',
    pipeline_id: 'p',
    status: 'succeeded',
    started_at: startedAt,
    completed_at: at(10_000),
    updated_at: at(10_000),
    duration_ms: 10_000.123,
    active_seconds: 10.000123,
    artifact_root: '.runs/t/cli/r',
    commands,
    ...members,
  });
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.manifest;
}

/** A command that succeeded in one attempt and took a second. */
export function stageWith(members: Partial<StageRecord> & { readonly id: string }): StageRecord {
  return {
    index: 1,
    title: members.id,
    kind: 'command',
    command: 'true',
    status: 'succeeded',
    started_at: startedAt,
    completed_at: at(1000),
    exit_code: 0,
    summary: null,
    log_path: null,
    error_file: null,
    sub_run_id: null,
    outcome: 'exited',
    reason: null,
    signal: null,
    duration_ms: 1000.4,
    attempts: 1,
    needs: null,
    allow_failure: false,
    log_bytes: null,
    log_omitted_bytes: null,
    definition_hash: null,
    inputs_hash: null,
    process: null,
    ...members,
  };
}
