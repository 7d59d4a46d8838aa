import { quoteArgv } from '@codex-orchestrator/exec';
import type { Candidate, Detection } from '@codex-orchestrator/rlm';

import type { Io } from '../io.js';
import { printable, printableLine } from '../render/printable.js';

/** How long a person has to answer. */
const patienceMs = 60_000;

/** The number of a candidate and the line feed; whoever sends more has not understood the question. */
const maxAnswerBytes = 1024;

/**
 * Where nobody said who judges the work, and not exactly one command offers itself: says on stderr which
 * there are and how to choose, and asks once, if somebody is there to answer, for a minute at most.
 *
 * @returns the command that was chosen; undefined leaves it to the loop, which refuses to begin
 */
export async function chooseValidator(
  detection: Detection,
  isAttended: boolean,
  io: Pick<Io, 'clock' | 'stderr' | 'stdin'>,
): Promise<string | undefined> {
  if (detection.kind === 'found') return undefined;
  const candidates = detection.kind === 'ambiguous' ? detection.candidates : [];
  const say = (line: string): void => {
    io.stderr.write(`codex-orchestrator: ${printable(line)}\n`);
  };
  if (candidates.length === 0) say('found no command that could judge the work of the agent');
  else say('several commands could judge the work of the agent:');
  for (const [at, candidate] of candidates.entries()) say(describe(at, candidate));
  if (isAttended && candidates.length > 0) {
    io.stderr.write(`Which one judges? [1-${String(candidates.length)}, Enter for none of them] `);
    const chosen = await readChoice(candidates, io);
    if (chosen !== undefined) return chosen;
  }
  const example = quoteArgv(['--validator', candidates[0]?.command ?? 'npm test']);
  say(`choose with ${example} or with RLM_VALIDATOR; with \`none\` nobody judges`);
  return undefined;
}

function describe(at: number, { command, reason }: Candidate): string {
  return `  ${String(at + 1)}. ${printableLine(command, 200)}  (${printableLine(reason, 200)})`;
}

async function readChoice(
  candidates: readonly Candidate[],
  { clock, stderr, stdin }: Pick<Io, 'clock' | 'stderr' | 'stdin'>,
): Promise<string | undefined> {
  let cancelTimer: () => void = () => undefined;
  const timeUp = new Promise<undefined>((resolve) => {
    cancelTimer = clock.schedule(patienceMs, () => {
      stderr.write('\n');
      resolve(undefined);
    });
  });
  try {
    const line = await Promise.race([firstLine(stdin.read()), timeUp]);
    return line !== undefined && /^[0-9]{1,4}$/.test(line)
      ? candidates[Number(line) - 1]?.command
      : undefined;
  } finally {
    cancelTimer();
    stdin.close();
  }
}

/** Undefined where it ends, or breaks, before there is a line. */
async function firstLine(pieces: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  let text = '';
  try {
    for await (const piece of pieces) {
      text += Buffer.from(piece).toString('utf8');
      if (text.includes('\n') || text.length > maxAnswerBytes) break;
    }
  } catch {
    return undefined;
  }
  return text.includes('\n') ? text.split('\n')[0]?.trim() : undefined;
}
