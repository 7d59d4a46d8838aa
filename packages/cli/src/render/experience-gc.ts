import type { GcAnswer, GcRemovalAnswer } from '../commands/experience/answers.js';
import { formatBytes } from './bytes.js';
import { countOf, formatCount } from './metrics-numbers.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

/** Why something goes, as people say it. */
const reasons: Readonly<Record<string, string>> = {
  blank: 'blank lines',
  unreadable: 'lines that nobody can read',
  misplaced: 'experiences of other tasks',
  'incomplete-batch': 'lines of batches without their end',
  'repeated-id': 'experiences with an id that is there already',
  forgotten: 'forgotten experiences',
  duplicate: 'experiences that say what another says',
  'near-duplicate': 'experiences that say nearly what another says',
  boilerplate: 'experiences that teach nothing',
  'never-used': 'old experiences that no run was given',
  'beyond-best': 'experiences beyond the best of their domain',
};

/** What `experience gc` did or would do, for people. */
export function renderGc(answer: GcAnswer): Line[] {
  const { removed, dry_run: isDry, is_near_limited: isLimited } = answer;
  const isNothing = removed.length === 0 && answer.folded_notes === 0;
  if (isNothing) return ['Nothing to take out'];
  return [
    ...removed.flatMap((removal) => removalLines(removal, isDry)),
    ...(answer.folded_notes > 0
      ? [
          `${isDry ? 'Would fold' : 'Folded'}: ${countOf(answer.folded_notes, 'note')} into counters`,
        ]
      : []),
    ...(isLimited
      ? ['Some that are nearly the same may have been missed: there are too many']
      : []),
    totalWords(answer),
  ];
}

function removalLines({ reason, count, bytes, examples }: GcRemovalAnswer, isDry: boolean): Line[] {
  const what = reasons[reason] ?? reason;
  const verb = isDry ? 'Would take out' : 'Took out';
  return [
    `${verb} ${formatCount(count)}: ${what} (${formatBytes(bytes)})`,
    ...examples.map((example) => `  ${printableLine(exampleWords(example), 200)}`),
  ];
}

interface Example {
  readonly id?: string;
  readonly domain?: string;
  readonly merged_into?: string;
  readonly line?: number;
  readonly problem?: string;
  readonly offset?: number;
}

function exampleWords(example: Example): string {
  const { id, domain, merged_into: into, line, problem, offset } = example;
  if (id === undefined) return `line ${line ?? '?'}, byte ${offset ?? '?'}: ${problem ?? ''}`;
  const where = domain === undefined ? '' : ` (${domain})`;
  return `${id}${where}${into === undefined ? '' : `, counted with ${into}`}`;
}

function totalWords(answer: GcAnswer): string {
  const { bytes_before: before, bytes_after: after, dry_run: isDry } = answer;
  const records = `${countOf(answer.records_before, 'experience')} to ${answer.records_after}`;
  const size = `${formatBytes(before)} to ${formatBytes(after)}`;
  if (isDry) return `Would go from ${records}, ${size}; do it with --yes`;
  return answer.is_replaced
    ? `From ${records}, ${size}`
    : `Left as it is: ${countOf(answer.records_after, 'experience')}, ${formatBytes(before)}`;
}
