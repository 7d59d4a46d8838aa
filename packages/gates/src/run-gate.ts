import { delegationGuard } from './delegation-guard/delegation-guard.js';
import { diffBudget } from './diff-budget/diff-budget.js';
import { docsCheck } from './docs-check/docs-check.js';
import { docsFreshness } from './docs-freshness/docs-freshness.js';
import { GateError } from './errors.js';
import { evidenceCheck } from './evidence-check/evidence-check.js';
import { gateNames } from './gate/gate-names.js';
import type { GateName } from './gate/gate-names.js';
import type { GatePorts } from './gate/gate-ports.js';
import type { GateResult } from './gate/gate-result.js';
import type { Gate } from './gate/gate.js';
import { instructionStamps } from './instruction-stamps/instruction-stamps.js';
import { reviewGate } from './review/review.js';
import { specGuard } from './spec-guard/spec-guard.js';
import { tasksSync } from './tasks-sync/tasks-sync.js';

/** Every gate by its name. */
const gates: Readonly<Record<GateName, Gate>> = {
  'spec-guard': specGuard,
  'docs-check': docsCheck,
  'docs-freshness': docsFreshness,
  'diff-budget': diffBudget,
  'delegation-guard': delegationGuard,
  review: reviewGate,
  'tasks-sync': tasksSync,
  'evidence-check': evidenceCheck,
  'instruction-stamps': instructionStamps,
};

/**
 * Runs the gate of a name on what the ports show, and resolves to what it came to.
 *
 * @throws GateError where the gate cannot come to a verdict; `INVALID_OPTION` for a name that no gate has;
 * `CANCELLED` where the signal of the ports is aborted.
 */
export async function runGate(name: GateName, ports: GatePorts): Promise<GateResult> {
  const gate = Object.hasOwn(gates, name) ? gates[name] : undefined;
  if (gate === undefined) {
    const message = `There is no gate ${JSON.stringify(name)}, but ${gateNames.join(', ')}`;
    throw new GateError('INVALID_OPTION', message);
  }
  expectWanted(name, ports);
  try {
    return await gate(ports);
  } finally {
    // A git that was ended looks like one that found nothing: whatever came of that is no verdict.
    expectWanted(name, ports);
  }
}

function expectWanted(name: GateName, { signal }: GatePorts): void {
  if (!signal.aborted) return;
  const message = `The gate ${name} was ended before it came to a verdict`;
  throw new GateError('CANCELLED', message, { cause: signal.reason });
}
