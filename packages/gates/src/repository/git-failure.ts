import type { GitAnswer } from '@codex-orchestrator/exec';

import { GateError } from '../errors.js';

/** Whether git said that there is nothing here that it could be asked about. */
export function isOutsideOfGit({ exitCode, complaint }: GitAnswer): boolean {
  if (exitCode === 126 || exitCode === 127) return true;
  return /not a git repository|in a work tree|dubious ownership/.test(complaint);
}

/** @param attempted What git was to do, to stand behind `Cannot`. */
export function gitFailure(answer: GitAnswer, attempted: string): GateError {
  const { exitCode, complaint } = answer;
  const message = `Cannot ${attempted}: ${complaint}`;
  if (exitCode === 130) return new GateError('CANCELLED', message);
  if (exitCode === 127) {
    const hint = 'Install git, or put its folder on the PATH';
    return new GateError('NOT_A_REPOSITORY', message, { hint });
  }
  return new GateError(isOutsideOfGit(answer) ? 'NOT_A_REPOSITORY' : 'GIT_FAILED', message);
}
