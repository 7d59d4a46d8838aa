import { currentProcessIdentity } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/** Who holds a lock, as written in the lock file. */
export interface LockOwner extends ProcessIdentity {
  /** Random, different for every acquisition. */
  readonly token: string;
  readonly taskId: string | null;
  /** ISO time on the owner's clock. */
  readonly acquiredAt: string;
  /** The silence after which somebody who cannot see the owner's process may take over. */
  readonly staleAfterMs: number;
  /** The holder's number in the order of holders; 0 where the record tells none. */
  readonly fence: number;
}

/** Describes this process as an owner. */
export function createLockOwner(holding: Omit<LockOwner, keyof ProcessIdentity>): LockOwner {
  return Object.assign({}, currentProcessIdentity(), holding);
}

/**
 * One line of JSON. Its length does not depend on the fence, so that the number can be corrected in
 * place without a moment at which the record is cut short.
 */
export function encodeLockOwner(owner: LockOwner): Buffer {
  const record = JSON.stringify({
    schema_version: 1,
    kind: 'codex-lock-owner',
    token: owner.token,
    task_id: owner.taskId,
    pid: owner.pid,
    host: owner.host,
    acquired_at: owner.acquiredAt,
    stale_ms: owner.staleAfterMs,
    process_started_at: owner.processStartedAt,
    boot_id: owner.bootId,
    namespace: owner.namespace,
  });
  return Buffer.from(`${record.slice(0, -1)},"fence":${String(owner.fence).padStart(16)}}\n`);
}

/**
 * Reads an owner record, this version's or one that knows only `token`, `pid` and `host`; anything
 * else (empty, cut short, not JSON, a pid that is none) is no record.
 */
export function parseLockOwner(text: string): LockOwner | undefined {
  const record = parseObject(text);
  const token = textOf(record?.['token']);
  const host = textOf(record?.['host']);
  const pid = record?.['pid'];
  if (record === undefined || token === null || host === null || !isPid(pid)) return undefined;
  return {
    token,
    pid,
    host,
    taskId: textOf(record['task_id']),
    acquiredAt: textOf(record['acquired_at']) ?? '',
    staleAfterMs: numberOf(record['stale_ms']),
    processStartedAt: textOf(record['process_started_at']),
    bootId: textOf(record['boot_id']),
    namespace: textOf(record['namespace']),
    fence: numberOf(record['fence']),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The range in which a pid addresses one process; 0 and below would address groups. */
function isPid(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 0x7fff_ffff;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}
