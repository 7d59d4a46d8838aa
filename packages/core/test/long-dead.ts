import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { identifyProcess } from '../src/process-identity.js';

/** The identity fields of an owner record, of a process that ran and ended. */
export interface DeadOwner extends Record<string, unknown> {
  readonly pid: number;
  readonly process_started_at: string | null;
}

export async function longDead(): Promise<DeadOwner> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  const identity = identifyProcess(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  if (identity === undefined) throw new Error('The child did not start');
  return { pid: identity.pid, process_started_at: identity.processStartedAt };
}
