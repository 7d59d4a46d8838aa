import type { CompareOptions, Comparison, RunSample } from '@codex-orchestrator/report';

import { compareSamples } from '../report-library.js';
import { usageError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { given } from '../given.js';

/** What commands that judge are called with. */
export interface JudgementFlags {
  readonly failOn: 'regression' | 'undecided' | undefined;
  readonly level: number | undefined;
  readonly minRuns: number | undefined;
  readonly seed: number | undefined;
}

export interface JudgedSide {
  readonly label: string;
  readonly samples: readonly RunSample[];
}

/**
 * Holds two groups of runs against each other.
 *
 * @param notes What else to know, beside what the comparison notes itself
 * @throws CliError `USAGE`; ReportError `RUN_ON_BOTH_SIDES`
 */
export function judge(
  sides: { readonly before: JudgedSide; readonly after: JudgedSide },
  flags: JudgementFlags,
  notes: readonly string[],
): Comparison {
  const { level, minRuns, seed } = flags;
  if (level !== undefined && !(level >= 0.5 && level < 1)) {
    throw usageError(
      `Expected \`--level <x>\` to be from 0.5 to less than 1, got \`${String(level)}\``,
    );
  }
  const options: CompareOptions = {
    ...given({ level, minRuns, seed }),
    beforeLabel: sides.before.label,
    afterLabel: sides.after.label,
  };
  const comparison = compareSamples(sides.before.samples, sides.after.samples, options);
  return { ...comparison, notes: [...comparison.notes, ...notes.map((note) => `${note}.`)] };
}

/** A comparison is an answer, whatever it says, unless the call asked for more. */
export function exitCodeOfVerdict(
  { verdict }: Pick<Comparison, 'verdict'>,
  failOn: JudgementFlags['failOn'],
): number {
  const open = verdict === 'undecided' || verdict === 'not-judged';
  const fails =
    failOn !== undefined && (verdict === 'regressed' || (failOn === 'undecided' && open));
  return (fails ? exitCodes.failed : exitCodes.succeeded).code;
}
