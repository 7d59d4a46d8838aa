import type { DescribedError } from '../describe-error.js';
import { printable, printableLine } from './printable.js';

/** An error for people: what went wrong, then what to do, then for defects the stack. */
export function renderError({ message, hint, stack, problems }: DescribedError): string[] {
  return [
    `codex-orchestrator: ${printable(message)}`,
    ...sentencesOf(problems).map((sentence) => `  ${printableLine(sentence, 400)}`),
    ...(hint === undefined ? [] : [`  ${printable(hint)}`]),
    ...(stack === undefined ? [] : [printable(stack)]),
  ];
}

/** Of many problems the first ones say enough; those that are no sentences are for programs. */
const shownProblems = 10;

function sentencesOf(problems: unknown): string[] {
  const sentences = Array.isArray(problems) ? (problems as readonly unknown[]) : [];
  return sentences.filter((problem) => typeof problem === 'string').slice(0, shownProblems);
}
