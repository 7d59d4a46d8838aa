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
  const identity = currentProcessIdentity();
  // Member by member: spreading costs five times as much, a good part of taking a free lock.
  return {
    pid: identity.pid,
    processStartedAt: identity.processStartedAt,
    bootId: identity.bootId,
    host: identity.host,
    namespace: identity.namespace ?? null,
    token: holding.token,
    taskId: holding.taskId,
    acquiredAt: holding.acquiredAt,
    staleAfterMs: holding.staleAfterMs,
    fence: holding.fence,
  };
}

/**
 * The record of this process as one line of JSON. Its length does not depend on the fence, so that the
 * number can be corrected in place without a moment at which the record is cut short.
 */
export function encodeLockOwner(owner: LockOwner): Buffer {
  const { token, taskId, acquiredAt, staleAfterMs, fence } = owner;
  const task = taskId === null ? 'null' : JSON.stringify(taskId);
  return Buffer.from(
    `{"schema_version":1,"kind":"codex-lock-owner","token":"${token}","task_id":${task},` +
      `${encodeIdentity(owner)},"acquired_at":"${acquiredAt}","stale_ms":${staleAfterMs},` +
      `"fence":${String(fence).padStart(16)}}\n`,
  );
}

let encodedIdentity: { readonly pid: number; readonly members: string } | undefined;

/** The members that every record of this process has, made once. */
function encodeIdentity({ pid, host, processStartedAt, bootId, namespace }: LockOwner): string {
  if (encodedIdentity?.pid !== pid) {
    const members = { pid, host, process_started_at: processStartedAt, boot_id: bootId, namespace };
    encodedIdentity = { pid, members: JSON.stringify(members).slice(1, -1) };
  }
  return encodedIdentity.members;
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
