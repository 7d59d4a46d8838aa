import type { GateResult } from '@codex-orchestrator/gates';

import type { GateAnswer } from '../commands/gate/answers.js';
import { exitCodes } from '../exit-codes.js';

/** A result as `--format json` prints it, and as the record of a run keeps it. */
export function describeGate(result: GateResult, isDry: boolean): GateAnswer {
  const { gate, outcome, passes, findings, facts, override, warnings, written } = result;
  return {
    status: passes ? 'passed' : 'failed',
    gate,
    outcome,
    passes,
    dry_run: isDry,
    exit_code: (passes || isDry ? exitCodes.succeeded : exitCodes.failed).code,
    findings,
    facts,
    override,
    warnings,
    written,
  };
}
