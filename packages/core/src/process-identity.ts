import { nodeFs, nodeOs } from './node-modules.js';

/**
 * Who a process is, in a form that can be written down and checked later: a pid alone is reused, so
 * it is kept together with what the pid is relative to and with when the process started.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque start stamp (Linux: clock ticks since boot); null where the system does not tell. */
  readonly processStartedAt: string | null;
  /** Identifies one boot of one kernel; null where the system does not tell. */
  readonly bootId: string | null;
  readonly host: string;
  /**
   * The namespaces that the pid and the start stamp are relative to. Containers on one machine can
   * share its boot id and even its host name while their pids mean different processes. Absent or
   * null in records that do not tell.
   */
  readonly namespace?: string | null;
}

/**
 * `alive` and `dead` are proven. `unknown` is said of a process on another host or in another
 * namespace, and of a pid that exists here while nothing shows that it is still the same process.
 */
export type ProcessLiveness = 'alive' | 'dead' | 'unknown';

/** The identity of this process. Read from the system once, then the same object every time. */
export function currentProcessIdentity(): ProcessIdentity {
  return (current ??= identityOf(process.pid));
}

/**
 * The identity of a process of this host that is running now; `undefined` when there is none. A
 * zombie, dead but not yet collected by its parent, is not running.
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  return isRunning(pid) ? identityOf(pid) : undefined;
}

/** Whether the process of a written-down identity still runs. Never throws. */
export function processLiveness(identity: ProcessIdentity): ProcessLiveness {
  const here = currentProcessIdentity();
  if (identity.host !== here.host) return 'unknown';
  if (differ(identity.bootId, here.bootId)) return 'dead';
  if (differ(identity.namespace, here.namespace)) return 'unknown';
  if (!isRunning(identity.pid)) return 'dead';
  const startedAt = readProcessStat(identity.pid)?.startedAt;
  if (startedAt === undefined || identity.processStartedAt === null) return 'unknown';
  return startedAt === identity.processStartedAt ? 'alive' : 'dead';
}

let current: ProcessIdentity | undefined;
let isOurProc: boolean | undefined;

function identityOf(pid: number): ProcessIdentity {
  return {
    pid,
    processStartedAt: readProcessStat(pid)?.startedAt ?? null,
    bootId: readText('/proc/sys/kernel/random/boot_id')?.trim() ?? null,
    host: nodeOs().hostname(),
    namespace: readNamespace(),
  };
}

/** Two values that are both known and not the same; what is unknown differs from nothing. */
function differ(one: string | null | undefined, other: string | null | undefined): boolean {
  return typeof one === 'string' && typeof other === 'string' && one !== other;
}

function isRunning(pid: number): boolean {
  // 0 and negative numbers would address process groups.
  if (!Number.isInteger(pid) || pid < 1 || pid > 0x7fff_ffff) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const state = readProcessStat(pid)?.state;
  return state !== 'Z' && state !== 'X';
}

/** What Linux tells of a process that exists, one that ended and was not reaped yet included. */
export interface ProcessStat {
  /** One letter; `Z` and `X` are dead. */
  readonly state: string;
  readonly parentPid: number;
  readonly processGroup: number;
  /** The same start stamp as in an identity. */
  readonly startedAt: string;
}

/** Reads `/proc/<pid>/stat`; `undefined` without Linux, without such a process, or under `hidepid`. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  // A process can sit in a pid namespace whose /proc is not mounted; its pids are strangers' there.
  isOurProc ??= readLink('/proc/self') === String(process.pid);
  if (!isOurProc) return undefined;
  const text = readText(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseProcessStat(text);
}

/**
 * The state (field 3), parent, group and start time (field 22). The second field is the program's name in
 * parentheses, may hold spaces and parentheses itself, and ends at the last `)`.
 */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parentPid, processGroup] = fields;
  const startedAt = fields[19];
  if (!state || !startedAt) return undefined;
  return {
    state,
    parentPid: Number(parentPid),
    processGroup: Number(processGroup),
    startedAt,
  };
}

/** The start stamp counts from boot as the time namespace shows it, so both namespaces matter. */
function readNamespace(): string | null {
  const links = ['pid', 'time'].map((kind) => readLink(`/proc/self/ns/${kind}`));
  return links.filter((link) => link !== undefined).join(' ') || null;
}

function readText(path: string): string | undefined {
  try {
    return nodeFs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readLink(path: string): string | undefined {
  try {
    return nodeFs.readlinkSync(path);
  } catch {
    return undefined;
  }
}
