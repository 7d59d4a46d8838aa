import { listenForCancellation } from '../../cancellation.js';
import { exitCodeOfStatus } from '../../exit-codes.js';
import type { Io } from '../../io.js';

export type Interruptible<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'interrupted'; readonly exitCode: number };

/** Does work that a signal ends; what the work rejects with for another reason, this rejects with. */
export async function interruptible<Value>(
  io: Pick<Io, 'clock' | 'killGroup' | 'onSignal'>,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Interruptible<Value>> {
  using cancellation = listenForCancellation(io);
  const { signal } = cancellation;
  try {
    return { kind: 'done', value: await work(signal) };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    const exitCode = exitCodeOfStatus('cancelled', cancellation.cancelledBy);
    return { kind: 'interrupted', exitCode };
  }
}
