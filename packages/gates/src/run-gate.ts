import { GateError } from './errors.js';
import { gateNames } from './gate/gate-names.js';
import type { GateName } from './gate/gate-names.js';
import type { GatePorts } from './gate/gate-ports.js';
import type { GateResult } from './gate/gate-result.js';
import type { Gate } from './gate/gate.js';

/** Every gate by its name. */
const gates: Readonly<Partial<Record<GateName, Gate>>> = {};

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
