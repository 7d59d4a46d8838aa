import { createHash } from 'node:crypto';

import type { MetricsEntry } from '@codex-orchestrator/metrics';

import type { BenchResults, GuardResult, Machine, Measure } from '../results/result.js';

/** The task in whose history results are kept. */
export const benchTaskId = 'bench';

/** What an entry keeps of results beyond what entries of runs have. */
export interface KeptResults {
  readonly part: BenchResults['part'];
  readonly project: string;
  readonly seed: number;
  readonly base: string | null;
  readonly guards: readonly KeptGuard[];
}

export interface KeptGuard {
  readonly guard: string;
  readonly kind: GuardResult['kind'];
  readonly verdict: GuardResult['verdict'];
  readonly measures: readonly Measure[];
}

export type BenchEntry = MetricsEntry & { readonly bench: KeptResults };

/**
 * One line of the history: a run of the gate as a run of the pipeline `bench-exact` or `bench-time`, whose
 * stages are the guards. The same results have the same run id.
 */
export function benchEntry(results: BenchResults, nowMs: number): BenchEntry {
  const { part, project, seed, base, guards } = results;
  const bad = guards.some(({ verdict }) => verdict === 'failed' || verdict === 'regressed');
  const startedMs = Date.parse(results.startedAt);
  return {
    run_id: benchRunId(results),
    attempt: 1,
    task_id: benchTaskId,
    pipeline_id: `bench-${part}`,
    status: bad || guards.length === 0 ? 'failed' : 'succeeded',
    started_at: new Date(startedMs).toISOString(),
    completed_at: new Date(startedMs + results.durationMs).toISOString(),
    duration_seconds: results.durationMs / 1000,
    commands_passed: guards.filter((guard) => stageStatus(guard) === 'succeeded').length,
    commands_failed: guards.filter((guard) => stageStatus(guard) === 'failed').length,
    stages: guards.map((guard) => ({
      id: guard.guard,
      status: stageStatus(guard),
      duration_seconds: cpuSeconds(guard),
      attempts: 1,
    })),
    recorded_at: new Date(nowMs).toISOString(),
    machine: machineOf(results.machine),
    commit: results.candidate.commit,
    tags: [project],
    bench: {
      ...{ part, project, seed },
      base: base?.commit ?? null,
      guards: guards.map(({ guard, kind, verdict, measures }) => ({
        guard,
        kind,
        verdict,
        measures,
      })),
    },
  };
}

/** When the results began, and a digest of whose they are. */
export function benchRunId({ part, project, startedAt, seed, candidate }: BenchResults): string {
  const time = new Date(startedAt).toISOString().replaceAll(/[:.]/g, '-');
  const whose = JSON.stringify([part, project, seed, candidate.commit, candidate.buildHash]);
  return `${time}-${digest(whose).slice(0, 8)}`;
}

function stageStatus({ verdict }: GuardResult): string {
  if (verdict === 'failed' || verdict === 'regressed') return 'failed';
  return verdict === 'undecided' ? 'skipped' : 'succeeded';
}

/** Median processor time of a call of the candidate; other guards have no time of their own. */
function cpuSeconds({ kind, measures }: GuardResult): number | null {
  const cpu = kind === 'time' ? measures.find(({ name }) => name === 'cpu') : undefined;
  // To the nanosecond: a division leaves digits that nobody measured.
  return cpu === undefined ? null : Math.round(cpu.value * 1e6) / 1e9;
}

function machineOf(machine: Machine): BenchEntry['machine'] {
  const { cpuModel, cpus, memoryMb, os, arch, node } = machine;
  return {
    id: digest(JSON.stringify([cpuModel, cpus, memoryMb, os, arch])).slice(0, 12),
    cpus,
    cpu_model: cpuModel,
    memory_mb: memoryMb,
    os,
    arch,
    node,
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
