import type {
  AddAnswer,
  ExportAnswer,
  ForgetAnswer,
  ImportAnswer,
  PinAnswer,
} from '../commands/experience/answers.js';
import { formatBytes } from './bytes.js';
import { countOf } from './metrics-numbers.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const idColumns = 80;
const pathColumns = 400;

/** What `experience add` did, for people. */
export function renderAdded({ outcome, id, domain, run_id: runId, similarity }: AddAnswer): Line[] {
  const shown = printableLine(id, idColumns);
  const where = `${printableLine(domain, idColumns)}, run ${runId}`;
  if (outcome === 'added') return [`Added: ${shown} (${where})`];
  const alike = similarity === null ? '' : `, ${similarity.toFixed(2)} alike`;
  return [`Known already: ${shown}${alike}; noted that run ${runId} taught it too`];
}

/** What `experience forget` did, for people. */
export function renderForgotten({ forgotten, blanked_lines: lines }: ForgetAnswer): Line[] {
  return [
    ...forgotten.map(
      ({ id, domain }) =>
        `Forgotten: ${printableLine(id, idColumns)} (${printableLine(domain, idColumns)})`,
    ),
    ...(forgotten.length === 0 ? ['Nothing to forget: they are forgotten already'] : []),
    `${countOf(lines, 'line')} overwritten`,
  ];
}

/** What `experience pin` and `unpin` did, for people. */
export function renderPinned({ id, domain, pinned, is_unchanged: isUnchanged }: PinAnswer): Line[] {
  const verb = pinned ? 'Pinned' : 'Not pinned';
  const already = isUnchanged ? ', as before' : '';
  const where = printableLine(domain, idColumns);
  return [`${verb}${already}: ${printableLine(id, idColumns)} (${where})`];
}

/** What `experience export --to` did, for people. */
export function renderExported({ path, records, bytes }: ExportAnswer): Line[] {
  const what = `${countOf(records, 'experience')}, ${formatBytes(bytes)}`;
  return [`Written: ${printableLine(path, pathColumns)} (${what})`];
}

/** What `experience import` did, for people. */
export function renderImported(answer: ImportAnswer): Line[] {
  const { problems, bad_lines: bad, skipped_notes: notes, already_there: known } = answer;
  const more = bad - problems.length;
  return [
    `Imported: ${countOf(answer.imported, 'experience')}`,
    ...(known > 0 ? [`Known already: ${countOf(known, 'experience')}`] : []),
    ...(notes > 0 ? [`Left out: ${countOf(notes, 'note')}`] : []),
    ...problems.map(({ line, reason }): Line => [
      '  ',
      { text: `line ${line}`, style: 'yellow' },
      `: ${printableLine(reason, pathColumns)}`,
    ]),
    ...(more > 0 ? [`  and ${countOf(more, 'more line')} that could not be taken`] : []),
  ];
}
