import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

import { cutToBytes } from '../render/cut-text.js';
import { formatDuration } from '../render/duration.js';
import { stageEndWords } from '../render/stage-words.js';
import type { StageFailure } from '../run-answer.js';
import { escapeMarkdown, fenced } from './markdown.js';

/** Stages in the table, and failures quoted below it: a page of thousands helps nobody. */
const most = { stages: 500, failures: 20 };
/** GitHub takes 1 MiB from all steps of a job together; one line of a log must not be all of it. */
const maxLineBytes = 2048;

/** A finished run as Markdown: a table of its stages, then the last lines of those that failed. */
export function renderStepSummary(manifest: Manifest, failures: readonly StageFailure[]): string {
  const { commands, duration_ms: durationMs, pipeline_title: title, run_id: runId } = manifest;
  const time = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`;
  const left = commands.length - most.stages;
  return [
    `### ${escapeMarkdown(title)}: ${escapeMarkdown(manifest.status)}${time}`,
    '',
    '| stage | status | time | how it ended |',
    '| --- | --- | --- | --- |',
    ...commands.slice(0, most.stages).map(tableRow),
    ...(left > 0 ? [`| and ${left} more | | | |`] : []),
    '',
    ...failures.slice(0, most.failures).flatMap(renderFailure),
    `Run ${escapeMarkdown(runId)}, record in ${escapeMarkdown(manifest.artifact_root)}`,
    '',
    '',
  ].join('\n');
}

function tableRow(stage: StageRecord): string {
  const { id, status, duration_ms: durationMs } = stage;
  const time = durationMs === null ? '' : formatDuration(durationMs);
  const words = stage.started_at === null ? (stage.reason ?? '') : stageEndWords(stage);
  return `| ${[id, status, time, words].map(escapeMarkdown).join(' | ')} |`;
}

function renderFailure({ stage, rootCause }: StageFailure): string[] {
  const lines = stage.last_lines.map((line) => cutToBytes(line, maxLineBytes));
  return [
    `**${escapeMarkdown(stage.id)}** ${escapeMarkdown(stageEndWords(stage))}`,
    '',
    ...(rootCause === null ? [] : [escapeMarkdown(rootCause), '']),
    ...(lines.length === 0 ? [] : [...fenced(lines), '']),
  ];
}
