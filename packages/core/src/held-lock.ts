import type { Clock } from './clock.js';
import { CoreError, errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';
import { compareLockFile, removeIfThere } from './lock-file.js';
import { lockFailed } from './lock-busy.js';
import { startHeartbeat } from './lock-heartbeat.js';
import type { Heartbeat } from './lock-heartbeat.js';
import type { LockOwner } from './lock-owner.js';

/** What a release found: its own lock, now removed, or somebody else's (or none), left alone. */
export type LockRelease = 'released' | 'not-owner';

/** A lock that this process holds. Disposing of it releases it. */
export interface FileLock extends AsyncDisposable {
  readonly path: string;
  readonly owner: LockOwner;
  /**
   * Greater than that of every earlier holder. Hand it to whatever the lock protects and let that
   * refuse a number below one it has seen: the only defence against a holder that was cut off, taken
   * for gone and came back.
   */
  readonly fence: number;
  /** Aborted with a `CoreError` `LOCK_COMPROMISED` when the heartbeat finds the lock lost. */
  readonly signal: AbortSignal;
  /**
   * Removes the lock file if it is still this holder's, also when it can only be removed and not read
   * while nobody could have taken it over yet. Later calls give the first one's answer.
   * @throws `CoreError` `LOCK_FAILED` when the file can be neither examined nor removed; it may then
   * be called again.
   */
  release(): Promise<LockRelease>;
}

export interface HeldLockOptions {
  readonly path: string;
  readonly owner: LockOwner;
  /** What the lock file holds for as long as it is this holder's. */
  readonly record: Buffer;
  readonly fs: FileSystem;
  readonly clock: Clock;
}

export class HeldLock implements FileLock {
  readonly path: string;
  readonly owner: LockOwner;
  readonly #record: Buffer;
  readonly #fs: FileSystem;
  readonly #clock: Clock;
  /** Made when first asked for: most holders are done before anybody could ask. */
  #controller: AbortController | undefined;
  #lossReason: CoreError | undefined;
  readonly #heartbeat: Heartbeat;
  #release: LockRelease | undefined;

  constructor(options: HeldLockOptions) {
    this.path = options.path;
    this.owner = options.owner;
    this.#record = options.record;
    this.#fs = options.fs;
    this.#clock = options.clock;
    this.#heartbeat = startHeartbeat({
      clock: options.clock,
      staleAfterMs: options.owner.staleAfterMs,
      beat: () => this.#beat(),
      onLost: (reason, cause) => {
        this.#lossReason = compromised(this.path, reason, cause);
        this.#controller?.abort(this.#lossReason);
      },
    });
  }

  get fence(): number {
    return this.owner.fence;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#lossReason) this.#controller.abort(this.#lossReason);
    }
    return this.#controller.signal;
  }

  release(): Promise<LockRelease> {
    return new Promise((resolve) => {
      this.#release ??= this.#removeOwn();
      resolve(this.#release);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  #removeOwn(): LockRelease {
    this.#heartbeat.stop();
    try {
      return this.#isOwn() && removeIfThere(this.#fs, this.path) ? 'released' : 'not-owner';
    } catch (error) {
      throw lockFailed('release', this.path, error);
    }
  }

  /**
   * A file that cannot be read just now (no descriptors, a failing disk) is this holder's as long as
   * nobody may take it over: left behind it would outlive its holder in a process that lives on.
   */
  #isOwn(): boolean {
    try {
      return this.#look() === 'same';
    } catch (error) {
      const isWithinTime = this.#heartbeat.silentMs() < this.owner.staleAfterMs;
      if (isWithinTime && UNREADABLE.has(errnoOf(error) ?? '')) return true;
      throw error;
    }
  }

  #beat(): string | undefined {
    const found = this.#look();
    if (found === 'none') return 'its file is gone';
    if (found === 'other') return 'its file is somebody else’s now';
    const nowSeconds = this.#clock.nowMs() / 1000;
    this.#fs.utimes(this.path, nowSeconds, nowSeconds);
    return undefined;
  }

  #look(): ReturnType<typeof compareLockFile> {
    return compareLockFile(this.#fs, this.path, this.#record);
  }
}

/** What opening or reading answers that says nothing about the file itself. */
const UNREADABLE = new Set(['EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC']);

function compromised(path: string, reason: string, cause: unknown): CoreError {
  return new CoreError('LOCK_COMPROMISED', `Lost the lock ${JSON.stringify(path)}: ${reason}`, {
    path,
    cause,
  });
}
