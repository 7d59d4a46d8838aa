import type { Finding, GateResult } from '@codex-orchestrator/gates';

import type { UnjudgedGate } from '../commands/gate/answers.js';
import { annotationCommand } from '../github/workflow-commands.js';
import { printable, printableLine } from './printable.js';

/** GitHub shows at most ten errors and ten warnings of a step; all of them are in the lines as well. */
const mostAnnotations = 10;

/**
 * What gates found as workflow commands of GitHub Actions, each one line without its line feed: an error
 * for what failed a gate, a warning for everything else.
 */
export function renderGithub(
  results: readonly GateResult[],
  unjudged: readonly UnjudgedGate[] = [],
): string[] {
  const ofGates = (isFailed: boolean): string[] =>
    results
      .filter(({ outcome }) => (outcome === 'failed') === isFailed)
      .flatMap((result) => result.findings.map((finding) => annotate(finding, result)));
  const errors = [...unjudged.map(annotateUnjudged), ...ofGates(true)];
  return [...errors.slice(0, mostAnnotations), ...ofGates(false).slice(0, mostAnnotations)];
}

function annotate(
  { rule, file, line, message, fix }: Finding,
  { gate, outcome }: GateResult,
): string {
  return annotationCommand(outcome === 'failed' ? 'error' : 'warning', {
    title: printableLine(`${gate}: ${rule}`, 200),
    message: printable(fix === null ? message : `${message}\n${fix}`),
    ...(file === null ? {} : placeOf(file, line)),
  });
}

/** Without what is not printable a path would be another one, and a line says nothing without its file. */
function placeOf(file: string, line: number | null): { file?: string; line?: number } {
  if (printable(file) !== file) return {};
  return { file, ...(line === null ? {} : { line }) };
}

function annotateUnjudged({ gate, error: { code, message, hint } }: UnjudgedGate): string {
  return annotationCommand('error', {
    title: printableLine(`${gate}: ${code}`, 200),
    message: printable(hint === undefined ? message : `${message}\n${hint}`),
  });
}
