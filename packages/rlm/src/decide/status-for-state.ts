import type { LoopStatus, Verdict } from './verdict.js';

/** The status as readers of `state.json` know it: a validator that cannot be run is an `error`. */
export function statusForState({ status }: Pick<Verdict, 'status'>): LoopStatus {
  return status === 'validator_error' ? 'error' : status;
}
