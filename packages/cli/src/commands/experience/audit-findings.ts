import type { AuditReport, LineProblem, ListedLines } from '@codex-orchestrator/experience-store';

import type { AuditFigures, AuditFinding, AuditStatus, TaskAuditAnswer } from './answers.js';

const listedExamples = 5;
const listedDomains = 20;

/** What is wrong with a log, the worst first, and what is in it. */
export function describeAudit(report: AuditReport, secretIds: readonly string[]): TaskAuditAnswer {
  const findings = [
    ...textFindings(report, secretIds),
    ...lineFindings(report),
    ...evidenceFindings(report),
    ...indexFindings(report),
    ...repetitionFindings(report),
  ].filter(({ count }) => count > 0);
  return {
    task_id: report.taskId,
    status: statusOf(findings),
    findings,
    figures: figuresOf(report),
  };
}

function textFindings(report: AuditReport, secretIds: readonly string[]): AuditFinding[] {
  const { taskId, withSecret, forgottenWithText } = report;
  const [first] = secretIds;
  return [
    {
      severity: 'error',
      code: 'SECRET',
      count: withSecret ?? 0,
      message: 'experiences have a secret in them',
      examples: secretIds,
      fix: first === undefined ? null : commandFor(`forget ${secretIds.join(' ')}`, taskId),
    },
    {
      severity: 'error',
      code: 'FORGOTTEN_WITH_TEXT',
      count: forgottenWithText,
      message: 'forgotten experiences whose text is still on disk',
      examples: [],
      fix: commandFor('gc --yes', taskId),
    },
  ];
}

function lineFindings(report: AuditReport): AuditFinding[] {
  const { taskId } = report;
  const finding = (code: string, { count, examples }: ListedLines, message: string) =>
    ({
      severity: 'warning',
      code,
      count,
      message,
      examples: examples.slice(0, listedExamples).map(wordsOf),
      fix: commandFor('gc --dry-run', taskId),
    }) as const;
  return [
    finding('LINE_UNREADABLE', report.unreadable, 'lines that are no experiences and no notes'),
    finding('TASK_MISPLACED', report.misplaced, 'experiences of another task'),
    finding('ID_REPEATED', report.repeatedIds, 'experiences with an id that is there already'),
    finding('BATCH_INCOMPLETE', report.incompleteBatches, 'lines of batches without their end'),
  ];
}

function wordsOf({ line, offset, reason }: LineProblem): string {
  return `line ${line}, byte ${offset}: ${reason}`;
}

function evidenceFindings({ evidence, withoutEvidence }: AuditReport): AuditFinding[] {
  const examples = (evidence?.examples ?? []).slice(0, listedExamples);
  return [
    {
      severity: 'warning',
      code: 'EVIDENCE_BROKEN',
      count: (evidence?.missing ?? 0) + (evidence?.changed ?? 0),
      message: 'experiences whose run is not what it was when they were written, or not there',
      examples: examples.map(({ id, path, verdict }) => `${id}: ${path} is ${verdict}`),
      fix: null,
    },
    {
      severity: 'info',
      code: 'EVIDENCE_NONE',
      count: withoutEvidence,
      message: 'experiences that cite no run by a digest',
      examples: [],
      fix: null,
    },
  ];
}

/** It is made anew by itself; one that is missing is only not made yet. */
function indexFindings({ index }: AuditReport): AuditFinding[] {
  return [
    {
      severity: 'info',
      code: 'INDEX_REFUSED',
      count: index.state === 'refused' ? 1 : 0,
      message: 'index that cannot be used: the next look-up makes it anew',
      examples: index.because === undefined ? [] : [index.because],
      fix: null,
    },
  ];
}

function repetitionFindings(report: AuditReport): AuditFinding[] {
  const { taskId, nearDuplicates } = report;
  const finding = (code: string, count: number, rest: readonly [string, string]): AuditFinding => ({
    severity: 'info',
    code,
    count,
    message: rest[0],
    examples: [],
    fix: commandFor(rest[1], taskId),
  });
  return [
    finding('DUPLICATE', report.duplicates, [
      'experiences that say what another says',
      'gc --dry-run',
    ]),
    finding('NEAR_DUPLICATE', nearDuplicates.count, [
      'experiences that say nearly what another says',
      'gc --near --dry-run',
    ]),
    finding('BOILERPLATE', report.boilerplate, [
      'experiences that teach nothing',
      'gc --boilerplate --dry-run',
    ]),
    finding('STALE', report.stale, [
      'experiences that no run was given in 90 days',
      'gc --older-than-days 90 --dry-run',
    ]),
  ];
}

function figuresOf(report: AuditReport): AuditFigures {
  const { index, domains } = report;
  return {
    log_bytes: report.logBytes,
    lines: report.lines,
    notes: report.notes.count,
    records: report.records,
    pinned: report.pinned,
    never_used: report.neverUsed,
    stale: report.stale,
    domains: domains.slice(0, listedDomains),
    domain_count: domains.length,
    index: { state: index.state, covered_bytes: index.coveredBytes, bytes: index.bytes },
  };
}

function commandFor(words: string, taskId: string): string {
  return `codex-orchestrator experience ${words} --task ${taskId}`;
}

function statusOf(findings: readonly AuditFinding[]): AuditStatus {
  const severities = new Set(findings.map(({ severity }) => severity));
  if (severities.has('error')) return 'error';
  return severities.has('warning') ? 'warning' : 'ok';
}
