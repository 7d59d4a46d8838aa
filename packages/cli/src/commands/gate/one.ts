import type { GateName } from '@codex-orchestrator/gates';

import type { CommandContext, CommandInput } from '../../command.js';
import { isDryRun } from './gate-flags.js';
import type { GateFlags } from './gate-flags.js';
import { giveGates } from './give-gates.js';
import { workOnGates } from './work-on-gates.js';

/** Runs one or all gates and resolves to the exit code. */
export type RunGateCommand = (
  input: { readonly flags: GateFlags } & Pick<CommandInput<never>, 'positionals'>,
  context: CommandContext,
) => Promise<number>;

/** `gate <name>`: what one gate came to. */
export function oneGate(gate: GateName): RunGateCommand {
  return ({ flags }, context) =>
    workOnGates(flags, context.io, async (ports) => {
      const { describeGate, renderGate, renderGateForAgent, runGate } =
        await import('../../gates-library.js');
      const result = await runGate(gate, ports);
      const described = describeGate(result, isDryRun(flags));
      await giveGates(
        {
          value: described,
          results: [result],
          unjudged: [],
          text: () => renderGate(result),
          agent: () => renderGateForAgent(described),
        },
        flags.format,
        context,
      );
      return described.exit_code;
    });
}
