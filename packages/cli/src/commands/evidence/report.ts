import type { Comparison, EvidenceDocument } from '@codex-orchestrator/report';

import { renderComparisonPage, renderEvidenceMarkdown } from '../../report-library.js';
import type { CommandContext, CommandInput, RunCommand } from '../../command.js';
import type { evidenceReportGrammar } from '../../compare-grammar.js';
import { exitCodeOfVerdict, judge } from '../../comparison/judge.js';
import type { JudgedSide } from '../../comparison/judge.js';
import { noteOfManifestBytes, withoutManifestBytes } from '../../comparison/read-records.js';
import { writePage } from '../../comparison/write-page.js';
import { evidenceFiles } from '../../evidence/evidence-files.js';
import type { EvidenceFiles } from '../../evidence/evidence-files.js';
import { readEvidence } from '../../evidence/read-evidence.js';
import type { Evidence } from '../../evidence/read-evidence.js';
import { verifyEvidence } from '../../evidence/verify-evidence.js';
import type { CheckedRun } from '../../evidence/verify-evidence.js';
import { exitCodes } from '../../exit-codes.js';
import { renderEvidenceReport } from '../../render/evidence.js';
import { resolveTask } from '../../task.js';
import { findWorkspace } from '../../workspace.js';

type Flags = (typeof evidenceReportGrammar)['flags'];

/** What `evidence report --format json` prints. */
export interface EvidenceReportAnswer {
  readonly task_id: string;
  readonly verdict: Comparison['verdict'];
  readonly reason: string;
  /** Null before the change was measured. */
  readonly comparison: Comparison | null;
  readonly verification: readonly CheckedRun[];
  /** Absolute. */
  readonly markdown: string;
  /** Null where there is nothing to compare. */
  readonly page: string | null;
}

/** `evidence report`: what the numbers of a task come to, as long as their records are what they were. */
export const evidenceReport: RunCommand<Flags> = async (input, context) => {
  const { io, answer } = context;
  const { flags } = input;
  const workspace = findWorkspace(io);
  const { taskId } = resolveTask({ flag: flags.task, env: io.env, root: workspace.root });
  const files = evidenceFiles(workspace, taskId);
  const evidence = await readEvidence(files, taskId);
  const verification = await verifyEvidence(evidence, workspace);
  const comparison = compareEvidence(evidence, verification, flags);
  const markdown = renderEvidenceMarkdown({ ...evidence, comparison });
  await writePage(files.markdown, markdown, workspace.outDir);
  const page = await writeComparison(comparison, { files, verification, taskId }, context);
  const result: EvidenceReportAnswer = {
    task_id: taskId,
    verdict: comparison?.verdict ?? 'not-judged',
    reason: comparison?.reason ?? 'nothing was measured after the change',
    comparison,
    verification,
    markdown: files.markdown,
    page,
  };
  if (flags.format === 'markdown') answer.piece(markdown, 'text');
  else answer.give(result, () => renderEvidenceReport(result));
  if (verification.some(isProblem)) return exitCodes.failed.code;
  return exitCodeOfVerdict(result, flags.failOn);
};

/** Numbers whose records are not what they were are shown, and nothing is said about the difference. */
function compareEvidence(
  { baseline, post }: Evidence,
  verification: readonly CheckedRun[],
  flags: CommandInput<Flags>['flags'],
): Comparison | null {
  if (post === null) return null;
  const problems = verification.filter(isProblem);
  const isOneRoot = baseline.builds[0]?.ref === post.builds[0]?.ref;
  const notes = [
    ...problems.map(({ runId, problem }) => `Run ${runId}: ${problem ?? ''}`),
    ...(isOneRoot ? [] : [noteOfManifestBytes]),
  ];
  const comparison = judge(
    { before: sideOf(baseline, isOneRoot), after: sideOf(post, isOneRoot) },
    flags,
    notes,
  );
  if (problems.length === 0) return comparison;
  const named = problems.slice(0, 5).map(({ runId }) => runId);
  const more =
    problems.length > named.length ? ` and ${String(problems.length - named.length)} more` : '';
  const reason = `records are not what was measured: ${named.join(', ')}${more}`;
  return { ...comparison, verdict: 'not-judged', reason };
}

function isProblem({ verdict }: CheckedRun): boolean {
  return verdict !== 'intact';
}

function sideOf(
  { builds: [build], phase, runs }: EvidenceDocument,
  isOneRoot: boolean,
): JudgedSide {
  const samples = runs.map(({ sample }) => sample);
  const label = build?.ref ?? phase;
  return { label, samples: isOneRoot ? samples : withoutManifestBytes(samples) };
}

interface PageParts {
  readonly files: EvidenceFiles;
  readonly verification: readonly CheckedRun[];
  readonly taskId: string;
}

async function writeComparison(
  comparison: Comparison | null,
  { files, verification, taskId }: PageParts,
  { io }: CommandContext,
): Promise<string | null> {
  if (comparison === null) return null;
  const page = renderComparisonPage({
    generatedAt: new Date(io.clock.nowMs()).toISOString(),
    title: `${taskId}: before and after`,
    comparison,
    verification,
    repeat: [`codex-orchestrator evidence report --task ${taskId}`],
  });
  return (await writePage(files.page, page)).path;
}
