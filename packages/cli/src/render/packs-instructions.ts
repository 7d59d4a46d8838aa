import type { InstructionCheckAnswer, InstructionStampAnswer } from '../commands/packs/answers.js';
import { problemLine, stampWords, statusLine } from './packs.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const pathColumns = 400;

/** What `instructions check` found, for people: the verdict, each file, and what is wrong. */
export function renderInstructionCheck({
  status,
  files,
  problems,
}: InstructionCheckAnswer): Line[] {
  const present = files.filter(({ state }) => state !== 'missing');
  const width = Math.max(0, ...present.map(({ state }) => state.length));
  return [
    statusLine(status),
    ...present.map(
      ({ path, state }) => `  ${state.padEnd(width)}  ${printableLine(path, pathColumns)}`,
    ),
    ...(present.length === 0 ? ['  No instructions'] : []),
    ...problems.map(problemLine),
  ];
}

/** What `instructions stamp` did or would do, for people. */
export function renderInstructionStamping(answer: InstructionStampAnswer): Line[] {
  const { files, problems, dry_run: isDry } = answer;
  return [
    ...files.map((file) => `${stampWords(file, isDry)}: ${printableLine(file.path, pathColumns)}`),
    ...(files.length === 0 ? ['Nothing to stamp'] : []),
    ...problems.map(problemLine),
  ];
}
