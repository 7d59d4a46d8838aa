import type { GateName, GatePorts, GateResult } from '@codex-orchestrator/gates';

import { describeError } from '../../describe-error.js';
import type { Io } from '../../io.js';
import { redactorFor } from '../../privacy.js';
import type { AllGatesAnswer, GateAnswer, UnjudgedGate } from './answers.js';
import { isDryRun } from './gate-flags.js';
import { giveGates } from './give-gates.js';
import type { RunGateCommand } from './one.js';
import { workOnGates } from './work-on-gates.js';

/** `gate all`: one gate after the other, whatever came of those before. */
export const allGates: RunGateCommand = ({ flags }, context) =>
  workOnGates(flags, context.io, async (ports) => {
    const { describeGate, gateNames, renderAllGates, renderAllGatesForAgent } =
      await import('../../gates-library.js');
    const wanted = gateNames.filter((gate) => gate !== 'review' || flags.review === true);
    const isDry = isDryRun(flags);
    const results: GateResult[] = [];
    const gates: (GateAnswer | UnjudgedGate)[] = [];
    for (const gate of wanted) {
      const end = await judge(gate, ports, context.io);
      if ('error' in end) gates.push(end);
      else {
        results.push(end);
        gates.push(describeGate(end, isDry));
      }
    }
    const described = describeAll(gates, isDry);
    await giveGates(
      {
        value: described,
        results,
        unjudged: gates.filter((gate) => gate.status === 'error'),
        text: () => renderAllGates(described, results),
        agent: () => renderAllGatesForAgent(described),
      },
      flags.format,
      context,
    );
    return described.exit_code;
  });

/** A gate that comes to no verdict does not keep others from theirs; one that was ended does. */
async function judge(
  gate: GateName,
  ports: GatePorts,
  { env }: Io,
): Promise<GateResult | UnjudgedGate> {
  const { runGate } = await import('../../gates-library.js');
  try {
    return await runGate(gate, ports);
  } catch (error) {
    if (ports.signal.aborted) throw error;
    const { exitCode, ...described } = redactorFor(env).json(describeError(error));
    return { status: 'error', gate, error: described, exit_code: exitCode };
  }
}

function describeAll(gates: AllGatesAnswer['gates'], isDry: boolean): AllGatesAnswer {
  const worst = ['error', 'failed'] as const;
  return {
    status: worst.find((wanted) => gates.some(({ status }) => status === wanted)) ?? 'passed',
    dry_run: isDry,
    exit_code: Math.max(...gates.map((gate) => gate.exit_code)),
    gates,
  };
}
