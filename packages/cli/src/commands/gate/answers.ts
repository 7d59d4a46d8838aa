import type { Finding, GateFacts, GateName, GateOutcome } from '@codex-orchestrator/gates';

/** What `gate <name> --format json` prints. */
export interface GateAnswer {
  readonly status: 'failed' | 'passed';
  readonly gate: GateName;
  readonly outcome: GateOutcome;
  /** Whether what follows may go on; the same as `status`, as a fact. */
  readonly passes: boolean;
  /** Whether the exit code is 0 whatever was found. */
  readonly dry_run: boolean;
  readonly exit_code: number;
  readonly findings: readonly Finding[];
  readonly facts: GateFacts;
  /** Reason that somebody gave to let it through; null without one. */
  readonly override: string | null;
  readonly warnings: readonly string[];
  /** Files that were written, relative to the root. */
  readonly written: readonly string[];
}

/** A gate of `gate all` that came to no verdict. */
export interface UnjudgedGate {
  readonly status: 'error';
  readonly gate: GateName;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly [detail: string]: unknown;
  };
  readonly exit_code: number;
}

/** What `gate all --format json` prints. */
export interface AllGatesAnswer {
  /** The worst of them: `error` where one came to no verdict. */
  readonly status: 'error' | 'failed' | 'passed';
  readonly dry_run: boolean;
  readonly exit_code: number;
  readonly gates: readonly (GateAnswer | UnjudgedGate)[];
}
