import type { DescribedError } from '../describe-error.js';
import { printable } from './printable.js';

/** An error for people: what went wrong, then what to do, then for defects the stack. */
export function renderError({ message, hint, stack }: DescribedError): string[] {
  return [
    `codex-orchestrator: ${printable(message)}`,
    ...(hint === undefined ? [] : [`  ${printable(hint)}`]),
    ...(stack === undefined ? [] : [printable(stack)]),
  ];
}
