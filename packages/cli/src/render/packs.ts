import type {
  PackAnswer,
  PackCheckAnswer,
  PackListAnswer,
  PackProblemAnswer,
  PackStampAnswer,
  StampedPackAnswer,
} from '../commands/packs/answers.js';
import { countOf } from './metrics-numbers.js';
import { renderTable } from './metrics-table.js';
import type { Column } from './metrics-table.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const columns: readonly Column[] = [
  { title: 'PACK' },
  { title: 'DOMAIN' },
  { title: 'SLOTS', align: 'right' },
  { title: 'POLICY' },
  { title: 'SOURCES', align: 'right' },
  { title: 'STAMP' },
];

/** A message has the path of a file and a command in it. */
const messageColumns = 1000;
const nameColumns = 60;

/** What `packs list` found, for people. */
export function renderPackList(answer: PackListAnswer): Line[] {
  const { packs } = answer;
  return [
    ...(packs.length === 0 ? ['No prompt packs'] : renderTable(columns, packs.map(cellsOf))),
    ...problemLines(answer),
  ];
}

function cellsOf(pack: PackAnswer): Line[] {
  return [
    printableLine(pack.id, nameColumns),
    printableLine(pack.domain, nameColumns),
    String(pack.experience_slots),
    pack.policy ?? '-',
    String(pack.sources.length),
    pack.is_stamped ? 'ok' : [{ text: 'wrong', style: 'red' }],
  ];
}

/** What `packs check` found, for people: the verdict, then what is wrong and the way out. */
export function renderPackCheck(answer: PackCheckAnswer): Line[] {
  const { status, packs } = answer;
  return [
    statusLine(status),
    ...problemLines(answer),
    `${countOf(packs.length, 'prompt pack')} looked at`,
  ];
}

export function statusLine(status: 'error' | 'ok'): Line {
  return ['Status: ', { text: status, style: status === 'ok' ? 'green' : 'red' }];
}

/** What `packs stamp` did or would do, for people. */
export function renderPackStamping(answer: PackStampAnswer): Line[] {
  const { packs, dry_run: isDry } = answer;
  return [
    ...packs.map((pack) => `${stampWords(pack, isDry)}: ${stampedName(pack)}`),
    ...(packs.length === 0 ? ['Nothing to stamp'] : []),
    ...problemLines(answer),
  ];
}

function stampedName({ id, manifest }: StampedPackAnswer): string {
  return `${printableLine(id, nameColumns)} (${printableLine(manifest, messageColumns)})`;
}

export function stampWords(
  { is_changed: isChanged }: { readonly is_changed: boolean },
  isDry: boolean,
): string {
  if (!isChanged) return 'Is stamped';
  return isDry ? 'Would stamp' : 'Stamped';
}

interface Problems {
  readonly problems: readonly PackProblemAnswer[];
  readonly problem_count: number;
}

function problemLines({ problems, problem_count: count }: Problems): Line[] {
  const more = count - problems.length;
  return [
    ...problems.map((problem) => problemLine(problem)),
    ...(more > 0 ? [`  and ${countOf(more, 'more problem')}`] : []),
  ];
}

/** One problem with its message, which says what to do. */
export function problemLine({ code, message }: { code: string; message: string }): Line {
  return ['  ', { text: code, style: 'red' }, `: ${printableLine(message, messageColumns)}`];
}
