import type { Comparison } from '../compare/comparison.js';
import { describeMachine } from '../compare/comparison-words.js';
import { bullets, renderComparisonMarkdown } from '../compare/render-comparison-markdown.js';
import type { EvidenceDocument, EvidenceRole } from './evidence-document.js';
import { digestTable, numbersTable } from './evidence-tables.js';
import { repeatLines } from './repeat-lines.js';

export interface EvidenceReport {
  readonly baseline: EvidenceDocument;
  /** Null before the change was measured. */
  readonly post: EvidenceDocument | null;
  /** Null where there is nothing to compare yet. */
  readonly comparison: Comparison | null;
  /** The level of the headings, from 1 to 6. @default 2 */
  readonly headingLevel?: number;
}

/**
 * The section of an action plan that the evidence makes: "Baseline numbers", "Post-change numbers",
 * "Comparison", the digests of every record that the numbers are from, and how to measure again. Ends with
 * a newline. Pure: the same documents give the same text.
 */
export function renderEvidenceMarkdown(report: EvidenceReport): string {
  const { baseline, post, comparison, headingLevel = 2 } = report;
  const heading = `${'#'.repeat(Math.min(6, Math.max(1, Math.trunc(headingLevel))))} `;
  const documents = post === null ? [baseline] : [baseline, post];
  const sections = [
    `${heading}Baseline numbers`,
    numbersOf(baseline),
    `${heading}Post-change numbers`,
    post === null ? 'Not measured yet.' : numbersOf(post),
    `${heading}Comparison`,
    comparison === null
      ? 'Nothing to compare yet.'
      : renderComparisonMarkdown(comparison).trimEnd(),
    `${heading}Records`,
    digestTable(documents),
    `${heading}How to measure again`,
    documents.map(repeatLines).join('\n\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The facts of a document, and a table of numbers for each role that it has runs of. */
function numbersOf(document: EvidenceDocument): string {
  const main: EvidenceRole = document.phase === 'baseline' ? 'base' : 'candidate';
  const roles = [...new Set([main, ...document.runs.map(({ role }) => role)])].filter((role) =>
    document.runs.some((run) => run.role === role),
  );
  const tables = roles.map((role) => {
    const table = numbersTable(document.runs.filter((run) => run.role === role));
    return roles.length === 1 ? table : `${titleOf(role)}:\n\n${table}`;
  });
  const all = tables.length === 0 ? ['No runs.'] : tables;
  return [bullets(factsOf(document)), ...all].join('\n\n');
}

function titleOf(role: EvidenceRole): string {
  return role === 'base' ? 'Base, measured in turns with the candidate' : 'Candidate';
}

function factsOf(document: EvidenceDocument): readonly string[] {
  const { builds, machine, notes, pipelineId, startedAt, taskId, toolVersion } = document;
  return [
    `task ${taskId}, pipeline ${pipelineId}, begun ${startedAt}`,
    ...builds.map(
      ({ role, ref, commit }) =>
        `${role}: ${ref ?? 'the work tree'}${commit === null ? '' : ` at commit ${commit}`}`,
    ),
    `tool version ${toolVersion ?? 'not known'}`,
    `machine ${machine === null ? 'not known' : describeMachine(machine)}`,
    ...notes,
  ];
}
