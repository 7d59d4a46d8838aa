import type { Privacy, Recovery, ResumeEvent, StageRecord } from '@codex-orchestrator/manifest';

import type { CancelRequest } from '../follow/cancel-request.js';
import type { ShowAnswer } from '../follow/show-answer.js';
import { formatBytes } from './bytes.js';
import { criticalPathWords } from './critical-path.js';
import { formatDuration } from './duration.js';
import { loopFacts } from './loop.js';
import { printableLine } from './printable.js';
import { stageEndWords } from './stage-words.js';

const labelWidth = 10;
/** A fact takes one line of a terminal. */
const maxColumns = 160;

/** A run for a reviewer: verdict, history, stages, evidence, and where to look. */
export function renderShow(run: ShowAnswer): string[] {
  const path = criticalPathWords(run.critical_path);
  const facts = [
    ['Run', `${run.run_id} (task ${run.task_id}, pipeline ${run.pipeline_id})`],
    ['Verdict', verdict(run)],
    ['Record', recordWords(run)],
    ['Time', timeWords(run)],
    ['Attempts', attemptWords(run)],
    ...run.resume_events.map((event) => ['', resumeWords(event)]),
    ...run.recoveries.map((recovery) => ['Recovered', recoveryWords(recovery)]),
    ...(run.cancel_request === null ? [] : [['Cancelled', cancelWords(run.cancel_request)]]),
    ['Owner', ownerWords(run)],
    ['Tool', toolWords(run)],
    ...(run.parent_run_id === null ? [] : [['Parent', run.parent_run_id]]),
    ['Evidence', evidenceWords(run)],
    ...(run.privacy === null ? [] : [['Privacy', privacyWords(run.privacy)]]),
    ['Manifest', run.manifest],
    ['Journal', run.log_path],
    ...(run.root_cause === null ? [] : [['Cause', run.root_cause]]),
    ...(run.loop ? [['Loop', `${run.loop.verdict}: ${loopFacts(run.loop)}`]] : []),
  ];
  return [
    ...facts.map(([label = '', text = '']) => fact(label, text)),
    ...(path === undefined ? [] : [`Critical path: ${path}`]),
    'Stages:',
    ...run.commands.map((stage) => renderStage(stage, run)),
    ...run.remarks.map((remark) => fact('Remark', remark)),
    'Look further:',
    ...run.next.map((command) => `  ${command}`),
  ];
}

function fact(label: string, text: string): string {
  const head = label === '' ? '' : `${label}:`;
  return `${head.padEnd(labelWidth)} ${printableLine(text, maxColumns)}`;
}

function verdict(run: ShowAnswer): string {
  const { status, status_detail: detail, status_reason: reason, exit_code: code, counts } = run;
  const parts = [
    `${counts.succeeded} of ${counts.total} stages succeeded`,
    ...(code === null ? [] : [`exit code ${code}`]),
    ...(detail === null ? [] : [detail]),
    ...(reason === 'recorded' ? [] : [reason]),
  ];
  return `${status} (${parts.join(', ')})`;
}

function recordWords({
  is_sealed: isSealed,
  recorded_status: recorded,
  journal,
}: ShowAnswer): string {
  const state = isSealed ? 'sealed' : `not sealed: it says ${recorded}`;
  return journal === null
    ? state
    : `${state}, ${journal.lines} journal lines, head ${journal.head}`;
}

function timeWords(run: ShowAnswer): string {
  const { started_at: from, completed_at: to, duration_ms: durationMs, gap_seconds: gap } = run;
  const span = `${from} to ${to ?? (run.status === 'in_progress' ? 'now' : 'an unknown time')}`;
  const parts = [
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ...(gap > 0 ? [`${formatDuration(gap * 1000)} of it between attempts`] : []),
  ];
  return parts.length === 0 ? span : `${span} (${parts.join(', ')})`;
}

function attemptWords({ attempt, resume_events: resumes }: ShowAnswer): string {
  const refused = resumes.filter(({ outcome }) => outcome === 'blocked').length;
  return refused === 0 ? String(attempt) : `${attempt}, and ${refused} resumes refused`;
}

function resumeWords({ timestamp, actor, reason, outcome, detail }: ResumeEvent): string {
  const words = `${timestamp} resume ${outcome}, by ${actor}: ${reason}`;
  return detail == null ? words : `${words} (${detail})`;
}

function recoveryWords({ timestamp, by, reason, ended_groups: groups, ...lost }: Recovery): string {
  const parts = [
    reason,
    ...(groups.length === 0 ? [] : [`${groups.length} process groups ended`]),
    ...(lost.torn_bytes === 0 ? [] : [`${lost.torn_bytes} torn bytes put aside`]),
    ...(lost.lost_lines === 0 ? [] : [`${lost.lost_lines} lines lost`]),
  ];
  return `${timestamp} by process ${by.pid} on ${by.host}: ${parts.join(', ')}`;
}

function cancelWords({ requested_at: at, signal, reason }: CancelRequest): string {
  return `${at} with ${signal}: ${reason}`;
}

function ownerWords({ owner, status_reason: reason }: ShowAnswer): string {
  if (owner === null) return 'unknown';
  const state = { 'owner-alive': ', alive', 'owner-dead': ', dead' }[reason] ?? '';
  return `process ${owner.pid} on ${owner.host}${state}`;
}

function toolWords({ tool }: ShowAnswer): string {
  if (tool === null) return 'unknown';
  return `${tool.name} ${tool.version}, Node ${tool.node}, ${tool.platform}`;
}

function evidenceWords({ artifacts, commands }: ShowAnswer): string {
  const bytes = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  const omitted = commands.reduce((sum, stage) => sum + (stage.log_omitted_bytes ?? 0), 0);
  const words = `${artifacts.length} files with digests, ${formatBytes(bytes)}`;
  return omitted === 0 ? words : `${words}; logs leave out ${formatBytes(omitted)}`;
}

function privacyWords({ mode, totals, decisions }: Privacy): string {
  const { total_frames: all, redacted_frames: redacted, blocked_frames: blocked } = totals;
  const rules = [...new Set(decisions.flatMap(({ rule }) => rule ?? []))];
  const words = `${mode}: of ${all} pieces of output ${redacted} redacted, ${blocked} blocked`;
  return rules.length === 0 ? words : `${words} (${rules.join(', ')})`;
}

function renderStage(
  stage: StageRecord,
  { stage_logs: logs, artifact_root: folder }: ShowAnswer,
): string {
  const { index, status, duration_ms: durationMs, attempts, reason } = stage;
  const isOver = stage.started_at !== null && stage.completed_at !== null;
  const words = isOver ? stageEndWords(stage) : (reason ?? '');
  const log = logs.find(({ id }) => id === stage.id);
  const parts = [
    `${index} [${status}] ${stage.id}`,
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
    ...(words === '' ? [] : [words]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(stage.sub_run_id === null ? [] : [`run ${stage.sub_run_id}`]),
    ...(log === undefined ? [] : [logWords(log, folder)]),
  ];
  return `  ${printableLine(parts.join(', '), maxColumns * 2)}`;
}

/** From the folder of the run on, which stands above. */
function logWords({ path, bytes }: ShowAnswer['stage_logs'][number], folder: string): string {
  const shown = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
  return `${shown} (${bytes === null ? 'missing' : formatBytes(bytes)})`;
}
