import type { Manifest, StageRecord, VerificationReport } from '@codex-orchestrator/manifest';

import { loopViews } from './loop-views.js';
import type { EarlierRun, RunPageView, StageView, VerificationView } from './run-page-view.js';

/** What a page of a run is made from. */
export interface RunPageSources {
  readonly manifest: Manifest;
  /** Null where nobody verified. */
  readonly verification: VerificationReport | null;
  /** Runs of the same pipeline before this one, the oldest first. @default none */
  readonly earlier?: readonly EarlierRun[];
  /** Parsed lines of the journal: those of agent loops are looked at, all others count for nothing. @default none */
  readonly journal?: Iterable<unknown>;
  /** What `rlm/findings.json` holds, parsed. @default nothing */
  readonly findings?: unknown;
  /** When the page is made, in ISO 8601. */
  readonly generatedAt: string;
  /** As `effectiveStatus` tells. @default as recorded */
  readonly status?: string;
  /** What the process that ran it exited with. */
  readonly exitCode?: number | null;
  /** One sentence. @default the first line of the summary of a run that did not succeed */
  readonly rootCause?: string | null;
  readonly commit?: string | null;
  readonly tags?: readonly string[];
  readonly language?: string;
}

/** The page of a run from its manifest and what is known besides. */
export function runPageView(sources: RunPageSources): RunPageView {
  const { manifest, verification, earlier = [], generatedAt, language } = sources;
  const { journal = [], findings } = sources;
  const status = sources.status ?? manifest.status;
  const summary = (manifest.summary ?? '').split('\n').filter((line) => line.trim() !== '');
  const first = status === 'succeeded' ? undefined : summary[0];
  return {
    generatedAt,
    language,
    taskId: manifest.task_id,
    runId: manifest.run_id,
    pipeline: manifest.pipeline_title || manifest.pipeline_id,
    status,
    statusDetail: manifest.status_detail,
    rootCause: sources.rootCause === undefined ? (first ?? null) : sources.rootCause,
    exitCode: sources.exitCode ?? null,
    facts: factsOf(sources),
    summary,
    startedAt: manifest.started_at,
    endedAt: manifest.completed_at ?? manifest.updated_at,
    durationMs: manifest.duration_ms,
    gapMs: manifest.gap_seconds * 1000,
    stages: manifest.commands.map(stageView),
    loops: loopViews({ manifest, journal, findings }),
    earlier,
    verification: verification && verificationView(manifest, verification),
    cost: costOf(manifest),
  };
}

function factsOf({ manifest, commit, tags = [] }: RunPageSources): RunPageView['facts'] {
  const { owner, tool, attempt, parent_run_id: parent } = manifest;
  const facts = [
    { name: 'Pipeline', value: manifest.pipeline_id, isCode: true },
    { name: 'Attempt', value: attempt > 1 ? String(attempt) : '' },
    {
      name: 'Owner',
      value: owner ? `process ${owner.pid} on ${owner.host || 'an unknown host'}` : '',
    },
    {
      name: 'Tool',
      value: tool ? `${tool.name} ${tool.version}, Node ${tool.node}, ${tool.platform}` : '',
    },
    { name: 'Commit', value: commit ?? '', isCode: true },
    { name: 'Tags', value: tags.join(', ') },
    { name: 'Started by run', value: parent ?? '', isCode: true },
    { name: 'Record', value: manifest.artifact_root, isCode: true },
  ];
  return facts.filter(({ value }) => value !== '');
}

function stageView(stage: StageRecord): StageView {
  return {
    id: stage.id,
    title: stage.title,
    status: stage.status,
    needs: stage.needs,
    startedAt: stage.started_at,
    endedAt: stage.completed_at,
    durationMs: stage.duration_ms,
    attempts: stage.attempts,
    exitCode: stage.exit_code,
    reason: reasonOf(stage),
    logPath: stage.log_path,
    logBytes: stage.log_bytes,
  };
}

function reasonOf({ outcome, signal, reason, status }: StageRecord): string | null {
  if (signal !== null) return `signal ${signal}`;
  if (reason !== null) return reason;
  return status === 'succeeded' || outcome === 'exited' ? null : outcome;
}

function verificationView(manifest: Manifest, report: VerificationReport): VerificationView {
  const { verdict, sealed, findings, remarks, checked, signature } = report;
  return {
    verdict,
    sealed,
    findings: findings.map(({ code, path, line, field, message }) => ({
      code,
      path,
      place: line === undefined ? (field ?? null) : `line ${line}`,
      message,
    })),
    remarks,
    checked,
    signature,
    anchor: manifest.journal,
    manifestChecksum: manifest.checksum ?? null,
    artifacts: manifest.artifacts,
  };
}

function costOf({ observability }: Manifest): RunPageView['cost'] {
  if (!observability) return [];
  return [
    { name: 'Manifest writes', unit: 'count', value: observability.manifest_writes },
    { name: 'Manifest bytes', unit: 'bytes', value: observability.manifest_bytes },
    { name: 'Journal lines', unit: 'count', value: observability.journal_lines },
    { name: 'Journal bytes', unit: 'bytes', value: observability.journal_bytes },
    { name: 'Fsyncs', unit: 'count', value: observability.fsyncs },
  ];
}
