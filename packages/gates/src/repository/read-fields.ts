import type { GatePorts } from '../gate/gate-ports.js';
import { GateError } from '../errors.js';
import { createFieldReader } from './field-reader.js';
import { gitFailure } from './git-failure.js';

/**
 * Runs git and hands on each field of an output that is separated by NUL bytes; the output is never held
 * as a whole.
 *
 * @param attempted What git is to do, to stand behind `Cannot`.
 * @throws GateError `GIT_FAILED`, `NOT_A_REPOSITORY`, `CANCELLED`
 */
export async function readFields(
  { git }: Pick<GatePorts, 'git'>,
  argv: readonly string[],
  attempted: string,
  onField: (field: string) => void,
): Promise<void> {
  const reader = createFieldReader(onField);
  const answer = await git(argv, { onOutput: reader.push });
  if (answer.exitCode !== 0) throw gitFailure(answer, attempted);
  if (!reader.isComplete()) {
    throw new GateError('GIT_FAILED', `Cannot ${attempted}: the output of git breaks off`);
  }
}
