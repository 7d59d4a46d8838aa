import type { Fault, FaultyCall } from './faulty-file-system.js';

/** One way in which one call of an otherwise clean run goes wrong. */
export interface SingleFault {
  /** Such as `write #2: short by 1`. */
  readonly title: string;
  readonly operation: string;
  readonly fault: Fault;
  /** For `faultyFileSystem`. */
  plan(call: FaultyCall): Fault | undefined;
}

/**
 * Every single fault of a run, from the calls of a run without any: each call fails before it does
 * anything and after it did everything, and each call that moves bytes moves none, one, half of
 * them, and all but one.
 */
export function singleFaults(calls: readonly FaultyCall[], code = 'EIO'): SingleFault[] {
  return calls.flatMap((call) => [
    atCall(call, `fails with ${code}`, { kind: 'error', code }),
    atCall(call, `is done but says ${code}`, { kind: 'error', code, after: true }),
    ...shortCounts(call).map((bytes) =>
      atCall(call, `moves ${bytes} bytes`, { kind: 'short', bytes }),
    ),
  ]);
}

function shortCounts({ args }: FaultyCall): number[] {
  const view = args[1];
  if (!(view instanceof Uint8Array)) return [];
  const length = view.byteLength;
  const counts = [0, 1, Math.floor(length / 2), length - 1];
  return [...new Set(counts)].filter((bytes) => bytes < length);
}

function atCall({ operation, nth }: FaultyCall, what: string, fault: Fault): SingleFault {
  return {
    title: `${operation} #${nth} ${what}`,
    operation,
    fault,
    plan: (call) => (call.operation === operation && call.nth === nth ? fault : undefined),
  };
}
