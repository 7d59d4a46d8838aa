import type { EvidenceFile } from '../loop/own-place.js';
import type { WorldPorts } from '../loop/ports.js';
import type { AgentRequest } from './agent.js';
import type { TurnRole } from './turn.js';

export interface TurnRequest extends AgentRequest {
  readonly role: TurnRole;
  /** Where the agent works, absolute. */
  readonly cwd: string;
}

export interface TurnPorts extends WorldPorts {
  /** What the paths of the turn are relative to, absolute. */
  readonly loopDir: string;
  /** Where the turn leaves its files, absolute. Missing folders are made. */
  readonly files: { readonly prompt: string; readonly log: string; readonly events: string };
  readonly limits: TurnLimits;
  /** Told of each file with what was written into it. */
  readonly onFile?: (file: EvidenceFile) => void;
  /** How long a process may be there after its terminal event. @default 5000 */
  readonly lingerMs?: number;
  /** Most bytes of the file of events. @default 1048576 */
  readonly maxEventBytes?: number;
  /** Most bytes that are kept of a message. @default 16384 */
  readonly maxMessageBytes?: number;
  /** What the turn may use, by the agent's own account. @default no limit */
  readonly allowance?: TurnAllowance;
}

/** Null means no limit. */
export interface TurnLimits {
  readonly turnTimeoutMs: number | null;
  readonly silenceTimeoutMs: number | null;
  /** Of both streams together. */
  readonly maxOutputBytes: number;
}

/** Null means no limit. */
export interface TurnAllowance {
  readonly tokens: number | null;
  readonly costUsd: number | null;
}
