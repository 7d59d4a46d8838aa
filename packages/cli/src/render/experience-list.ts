import type { Experience } from '@codex-orchestrator/experience-store';

import type { ListAnswer } from '../commands/experience/answers.js';
import { countOf, formatCount } from './metrics-numbers.js';
import { renderTable } from './metrics-table.js';
import type { Column } from './metrics-table.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const columns: readonly Column[] = [
  { title: 'EXPERIENCE' },
  { title: 'DOMAIN' },
  { title: 'REWARD', align: 'right' },
  { title: 'USED', align: 'right' },
  { title: 'HELPED', align: 'right' },
  { title: 'HARMED', align: 'right' },
  { title: 'RECORDED' },
  { title: 'LESSON' },
];

const idColumns = 40;
const domainColumns = 24;
const lessonColumns = 400;

/** Experiences as a table for people. */
export function renderList({ task_id: taskId, records, total }: ListAnswer): Line[] {
  if (records.length === 0) {
    return [total === 0 ? `No such experiences of task ${taskId}` : countOf(total, 'experience')];
  }
  const shown = `${formatCount(records.length)} of ${countOf(total, 'experience')} of task ${taskId}`;
  return [...renderTable(columns, records.map(cellsOf)), shown];
}

function cellsOf(record: Experience): Line[] {
  const { reward, uses, helped, harmed, pinned, createdAt } = record;
  return [
    printableLine(record.id, idColumns),
    printableLine(record.domain, domainColumns),
    (reward.gtScore + reward.relativeRank).toFixed(2),
    formatCount(uses),
    formatCount(helped),
    harmed > 0 ? [{ text: formatCount(harmed), style: 'yellow' }] : '0',
    printableLine(createdAt.slice(0, 10), 10),
    [
      ...(pinned ? [{ text: 'pinned ', style: 'bold' } as const] : []),
      printableLine(record.summary32, lessonColumns),
    ],
  ];
}
