import { verdictExitCodes } from './verdict.js';
import type { LoopStatus, Verdict } from './verdict.js';

/** A status with its exit code and what led to it. */
export function verdictOf(status: LoopStatus, reason: string): Verdict {
  return { status, exitCode: verdictExitCodes[status], reason };
}
