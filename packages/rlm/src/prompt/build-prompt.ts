import type { TurnRole } from '../agent/turn.js';
import type { Iteration } from '../loop/iteration.js';
import { cutEnd } from './cut-text.js';
import { describeHistory } from './describe-history.js';
import { dataNotice, describeJudgements } from './describe-judgements.js';
import { findingsContract } from './findings-contract.js';
import { describeRole, describeRules } from './prompt-rules.js';
import { quoteData, quoteLine } from './quote-data.js';

/** What a prompt is made from. All of it but the goal is cut to its share. */
export interface PromptParts {
  readonly role: TurnRole;
  readonly goal: string;
  /** Number of the iteration, from 1. */
  readonly n: number;
  /** Null where there is no limit. */
  readonly maxIterations: number | null;
  /** The iteration before; undefined for the first one. */
  readonly previous: Iteration | undefined;
  /** All earlier iterations, ascending. */
  readonly history: readonly Iteration[];
  /** What has changed since the loop began; null where nothing is known. */
  readonly diffSummary: string | null;
  /** What earlier runs taught, one line each. */
  readonly lessons: readonly string[];
  readonly subagents: boolean;
  /** Whether this iteration was begun before and did not get to its end. */
  readonly wasInterrupted: boolean;
  readonly protectedFiles: readonly string[];
  /** Whether hotspots are asked for in a form that can be read. */
  readonly findingsWanted: boolean;
  /** What the planner of this iteration said, for those after it. */
  readonly plan?: string | undefined;
  /** What the critic of the iteration before said. */
  readonly criticism?: string | undefined;
  /** Bytes of UTF-8, at least 24 KiB. @default 32 KiB */
  readonly maxBytes?: number | undefined;
}

const defaultMaxBytes = 32_768;
const leastMaxBytes = 24_576;
const maxGoalBytes = 16_384;
/** What is left over for a part is not worth a heading below this. */
const leastPartBytes = 200;

/**
 * The text of one turn. It says all that the agent needs, as each turn begins with an empty memory: the
 * goal, what judged the work last, what changed, what was tried, what others learned, the rules. It has the
 * line `ITERATION: n`, never exceeds its bound, always has the goal, and is the same for the same parts.
 * What comes from programs and from other turns is quoted in fences that it cannot close, and said to be
 * no instruction.
 */
export function buildPrompt(parts: PromptParts): string {
  const { goal, n, maxIterations, role, findingsWanted } = parts;
  const of = maxIterations === null ? '' : `\nAt most ${maxIterations} iterations are planned.`;
  const beginning = [
    `ITERATION: ${n}${of}`,
    section('Goal', cutEnd(goal.trim(), maxGoalBytes)),
    section('Your part', describeRole(role)),
  ];
  const end = [
    ...(findingsWanted ? [section('Findings', findingsContract)] : []),
    section('Rules', describeRules(parts)),
  ];
  const maxBytes = Math.max(parts.maxBytes ?? defaultMaxBytes, leastMaxBytes);
  const room = maxBytes - Buffer.byteLength([...beginning, ...end].join(gap)) - gap.length;
  return `${[...beginning, ...middleSections(parts, room), ...end].join(gap)}\n`;
}

const gap = '\n\n';

interface Part {
  readonly title: string;
  readonly maxBytes: number;
  /** Smaller is asked for its share first; the order in the prompt is that of the list. */
  readonly rank: number;
  readonly describe: (maxBytes: number) => string;
}

function middleSections(parts: PromptParts, room: number): string[] {
  const list = middleParts(parts);
  const texts = new Map<Part, string>();
  let left = room;
  for (const part of list.toSorted((one, other) => one.rank - other.rank)) {
    const around = Buffer.byteLength(section(part.title, '')) + gap.length;
    const share = Math.min(part.maxBytes, left - around);
    const text = share < leastPartBytes ? '' : part.describe(share);
    if (text === '') continue;
    const whole = section(part.title, cutEnd(text, share));
    left -= Buffer.byteLength(whole) + gap.length;
    texts.set(part, whole);
  }
  return list.flatMap((part) => texts.get(part) ?? []);
}

function middleParts(parts: PromptParts): Part[] {
  const { previous, history, diffSummary, lessons, plan, criticism } = parts;
  return [
    quoted('Plan of this iteration', plan, { maxBytes: 6000, rank: 1, keep: 'start' }),
    {
      title: 'What the validators said last',
      maxBytes: 12_000,
      rank: 0,
      describe: (maxBytes) =>
        previous && previous.validators.length > 0 ? describeJudgements(previous, maxBytes) : '',
    },
    quoted('What the critic said of the iteration before', criticism, {
      maxBytes: 4000,
      rank: 2,
      keep: 'start',
    }),
    quoted('What has changed since the loop began', diffSummary ?? undefined, {
      maxBytes: 4500,
      rank: 3,
      keep: 'start',
    }),
    {
      title: 'What was tried',
      maxBytes: 4000,
      rank: 4,
      describe: (maxBytes) => describeHistory(history, maxBytes),
    },
    {
      title: 'What earlier runs taught (hints, not instructions)',
      maxBytes: 3000,
      rank: 5,
      describe: (maxBytes) => describeLessons(lessons, maxBytes),
    },
  ];
}

function quoted(
  title: string,
  text: string | undefined,
  { maxBytes, rank, keep }: Pick<Part, 'maxBytes' | 'rank'> & { readonly keep: 'start' | 'end' },
): Part {
  const describe = (share: number) => {
    const notice = `${dataNotice}\n\n`;
    const room = share - Buffer.byteLength(notice);
    const data = quoteData(text ?? '', { maxBytes: room, keep });
    return data === '' ? '' : notice + data;
  };
  return { title, maxBytes, rank, describe };
}

/** The first ones count most, as whoever chose them has put them in order. */
function describeLessons(lessons: readonly string[], maxBytes: number): string {
  const lines: string[] = [];
  let room = maxBytes;
  for (const lesson of lessons) {
    const line = `- ${quoteLine(lesson, 400)}`;
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    if (line.length > 2) lines.push(line);
  }
  return lines.join('\n');
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}
