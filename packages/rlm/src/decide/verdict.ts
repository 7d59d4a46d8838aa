/** How a loop can end, and the exit code that says so. */
export const verdictExitCodes = {
  /** All validators passed after a turn that completed. */
  passed: 0,
  /** Nobody judges, and the iterations that were asked for are done. */
  budget_complete: 0,
  /** Nobody said who judges, and nobody could be asked. */
  no_validator: 2,
  max_iterations: 3,
  max_minutes: 3,
  /** Money, tokens or output. */
  budget_exceeded: 3,
  /** A validator cannot be run. */
  validator_error: 4,
  invalid_config: 5,
  /** Iterations stay in the same place. */
  stalled: 6,
  /** The agent waits for the answer of a person. */
  blocked_on_human: 7,
  /** A protected file changed, and that is refused. */
  validator_tampered: 8,
  /** The agent failed too often, or something in the loop itself did. */
  error: 10,
  cancelled: 130,
} as const;

export type LoopStatus = keyof typeof verdictExitCodes;

/** The end of a loop. In `state.json` a `validator_error` has the status `error`, as readers know it. */
export interface Verdict {
  readonly status: LoopStatus;
  readonly exitCode: number;
  /** One sentence that says what led to it. */
  readonly reason: string;
}
