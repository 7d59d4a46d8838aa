import type { GuardResult } from './result.js';

/** What the exit codes of the gate mean. */
export const exitCodes = { fine: 0, regressed: 1, unusable: 2, undecided: 3 } as const;

/**
 * The exit code for these results: a guard without a result weighs more than one whose promise is broken,
 * because what else is broken is not known then. No guards at all are a defect too.
 */
export function exitCodeOf(
  guards: readonly Pick<GuardResult, 'verdict'>[],
  { strict = false }: { readonly strict?: boolean } = {},
): number {
  const verdicts = new Set(guards.map(({ verdict }) => verdict));
  if (verdicts.size === 0 || verdicts.has('failed')) return exitCodes.unusable;
  if (verdicts.has('regressed')) return exitCodes.regressed;
  return strict && verdicts.has('undecided') ? exitCodes.undecided : exitCodes.fine;
}
