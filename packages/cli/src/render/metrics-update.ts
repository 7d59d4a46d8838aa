import type { TotalsAnswer, UpdateAnswer } from '../commands/metrics/answers.js';
import { countOf, formatCount, formatSeconds } from './metrics-numbers.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const rebuildReasons: Readonly<Record<string, string>> = {
  asked: 'as was asked',
  'checkpoint-unusable': 'what was counted so far cannot be read',
  truncated: 'the history is shorter than what was counted',
  edited: 'lines that were counted have changed',
  'late-line': 'an older file of the history has got a line',
  'segments-changed': 'the files of the history are not those that were counted',
  'reducers-changed': 'other aggregates are wanted than were counted',
  'index-unusable': 'the index of counted runs cannot be read',
};

const damageReasons: Readonly<Record<string, string>> = {
  'not-json': 'no JSON',
  'not-an-entry': 'no entry: it lacks run_id, status or recorded_at',
  oversized: 'too long',
};

/** What an update or a rebuild did, for people. */
export function renderUpdate(answer: UpdateAnswer): Line[] {
  const { outputs_written: written, pending, rotated } = answer;
  return [
    outcomeWords(answer),
    ...(answer.lines === 0 ? [] : [`Lines: ${lineWords(answer)}`]),
    ...renderDamage(answer),
    ...(pending.merged === 0
      ? []
      : [`Pending: ${countOf(pending.merged, 'entry', 'entries')} taken over`]),
    ...pending.quarantined.map((path): Line => warning('Quarantined: ', path)),
    ...(rotated === null ? [] : [`Rotated: ${rotated}`]),
    ...(written.length === 0 ? [] : ['Written:', ...written.map((path) => `  ${path}`)]),
    ...(answer.totals === null ? [] : [`Total: ${totalWords(answer.totals)}`]),
  ];
}

function outcomeWords({
  outcome,
  rebuilt_because: because,
  duration_ms: ms,
}: UpdateAnswer): string {
  const time = formatSeconds(ms / 1000);
  switch (outcome) {
    case 'updated':
      return `Updated in ${time}`;
    case 'unchanged':
      return 'Nothing new';
    case 'rebuilt':
      if (because === 'no-checkpoint') return `Counted for the first time, in ${time}`;
      return `Counted anew in ${time}: ${rebuildReasons[because ?? 'asked'] ?? because ?? ''}`;
    case 'left-to-holder':
      return 'Somebody else is updating, and takes along what is new';
  }
}

function lineWords({
  lines,
  entries,
  repeated,
  replaced,
  damaged_lines: damaged,
}: UpdateAnswer): string {
  const parts = [
    `${countOf(lines, 'new line')}, ${formatCount(entries)} counted`,
    ...(repeated === 0 ? [] : [`${formatCount(repeated)} repeated`]),
    ...(replaced === 0 ? [] : [`${formatCount(replaced)} in place of an earlier attempt`]),
    ...(damaged === 0 ? [] : [`${formatCount(damaged)} damaged`]),
  ];
  return parts.join(', ');
}

function renderDamage({ damaged, damaged_lines: count }: UpdateAnswer): Line[] {
  const lines = damaged.map(({ segment, offset, bytes, reason }): Line => {
    const place = `${printableLine(segment, 200)}, byte ${offset}, ${countOf(bytes, 'byte')}`;
    return warning('Damaged: ', `${place}: ${damageReasons[reason] ?? reason}`);
  });
  const more = count - damaged.length;
  return more <= 0 ? lines : [...lines, warning('Damaged: ', `and ${countOf(more, 'more line')}`)];
}

function warning(label: string, text: string): Line {
  return [{ text: label, style: 'yellow' }, text];
}

/** `1,204 runs in 1,206 lines of 3 files, 2 of them damaged`. */
export function totalWords({ runs, lines, segments, damaged_lines }: TotalsAnswer): string {
  const words = `${countOf(runs, 'run')} in ${countOf(lines, 'line')} of ${countOf(segments, 'file')}`;
  return damaged_lines === 0 ? words : `${words}, ${countOf(damaged_lines, 'line')} damaged`;
}
