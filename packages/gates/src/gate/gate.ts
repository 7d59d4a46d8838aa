import type { GatePorts } from './gate-ports.js';
import type { GateResult } from './gate-result.js';

/**
 * A check of the repository. It reads what it is about through the ports and judges what it read by a
 * pure function; it resolves to a verdict or rejects where it cannot come to one.
 *
 * @throws GateError
 */
export type Gate = (ports: GatePorts) => Promise<GateResult>;
