import type { Comparison } from '@codex-orchestrator/report';

import { renderComparisonText } from '../report-library.js';
import { countOf } from './metrics-numbers.js';

/** A comparison for people, and below it where its page is. */
export function renderCompare(comparison: Comparison, pagePath: string | undefined): string[] {
  return [
    ...renderComparisonText(comparison).trimEnd().split('\n'),
    ...(pagePath === undefined ? [] : [`Page: ${pagePath}`]),
  ];
}

export interface CountedName {
  readonly name: string;
  readonly runs: number;
}

/** `build (3 runs), lint (1 run)`. */
export function countedNames(names: readonly CountedName[]): string {
  return names.map(({ name, runs }) => `${name} (${countOf(runs, 'run')})`).join(', ');
}
