import type { BaselineAnswer } from '../commands/metrics/answers.js';
import { numberOf, recordOf, textOf } from './metrics-members.js';
import { formatSeconds } from './metrics-numbers.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const maxColumns = 400;

/** The run that others are compared with, for people. */
export function renderBaseline({ task_id: taskId, baseline }: BaselineAnswer): Line[] {
  if (baseline === null) return [`No run of task ${taskId} is counted yet`];
  const { recorded_at, status, duration_seconds, set_at, reason } = recordOf(baseline);
  const runId = textOf(recordOf(baseline)['run_id']);
  const setAt = textOf(set_at);
  const facts = [
    ['Run', runId ?? 'unknown'],
    ['Ended', `${textOf(status) ?? 'unknown'}, recorded ${textOf(recorded_at) ?? 'at no time'}`],
    ['Duration', formatSeconds(numberOf(duration_seconds))],
    ['Chosen', sourceWords(baseline)],
    ...(setAt === null ? [] : [['Since', setAt]]),
    ...(textOf(reason) === null ? [] : [['Reason', textOf(reason)]]),
  ];
  return facts.map(
    ([label, text]) => `${`${label ?? ''}:`.padEnd(10)}${printableLine(text ?? '', maxColumns)}`,
  );
}

/** Who made it the baseline: `by cli`, `as the first run`. */
export function sourceWords(baseline: object): string {
  const { source, actor } = recordOf(baseline);
  if (source !== 'set') return 'as the first run of the history';
  return `by ${printableLine(textOf(actor) ?? 'somebody', 80)}`;
}
