import type {
  AuditAnswer,
  AuditFigures,
  AuditFinding,
  TaskAuditAnswer,
} from '../commands/experience/answers.js';
import { formatBytes } from './bytes.js';
import type { Colors } from './colors.js';
import { countOf, formatCount } from './metrics-numbers.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const styles: Readonly<Record<string, keyof Colors>> = {
  ok: 'green',
  warning: 'yellow',
  error: 'red',
  info: 'dim',
};

const shownDomains = 5;

/** What `experience audit` found, for people: the verdict, then each task with what is wrong. */
export function renderAudit({ status, tasks }: AuditAnswer): Line[] {
  return [
    ['Status: ', { text: status, style: styles[status] ?? 'bold' }],
    ...tasks.flatMap(renderTask),
    ...(tasks.length === 0 ? ['No task has experiences'] : []),
  ];
}

function renderTask({ task_id: taskId, findings, figures }: TaskAuditAnswer): Line[] {
  return [
    `Task ${taskId}: ${figureWords(figures)}`,
    ...(figures.records === 0 ? [] : [`  Domains: ${domainWords(figures)}`]),
    ...findings.flatMap(renderFinding),
  ];
}

function figureWords(figures: AuditFigures): string {
  const { records, pinned, never_used: unused, log_bytes: bytes, index } = figures;
  if (bytes === 0) return 'no experiences';
  return [
    countOf(records, 'experience'),
    `${formatCount(unused)} never used`,
    ...(pinned > 0 ? [`${formatCount(pinned)} pinned`] : []),
    countOf(figures.notes, 'note'),
    formatBytes(bytes),
    `index ${index.state}`,
  ].join(', ');
}

function domainWords({ domains, domain_count: count }: AuditFigures): string {
  const named = domains
    .slice(0, shownDomains)
    .map(({ domain, records }) => `${printableLine(domain, 40)} ${formatCount(records)}`);
  const more = count - named.length;
  return [...named, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join(', ');
}

function renderFinding({ severity, code, count, message, examples, fix }: AuditFinding): Line[] {
  return [
    [
      '  ',
      { text: severity.padEnd('warning'.length), style: styles[severity] ?? 'bold' },
      `  ${code} (${formatCount(count)}): ${message}`,
    ],
    ...examples.map((example) => `           ${printableLine(example, 400)}`),
    ...(fix === null ? [] : [`           ${printableLine(fix, 1000)}`]),
  ];
}
