import type { CandidateFix, Finding, Findings } from './findings.js';

/**
 * Findings as Markdown for a report. Every text of them is shown as itself: no markup, no HTML, no link,
 * no mention of anybody.
 */
export function renderFindings({ goal, generated_at, findings }: Findings): string {
  const head = [
    '# Findings',
    ...(goal === null ? [] : [`Goal: ${escape(goal)}`]),
    ...(generated_at === null ? [] : [`Reported: ${escape(generated_at)}`]),
  ];
  const body = findings.length === 0 ? ['No hotspot was reported.'] : findings.map(renderFinding);
  return `${[...head, ...body].join('\n\n')}\n`;
}

function renderFinding(finding: Finding, index: number): string {
  const { id, title, hotspot, evidence, impact, candidate_fixes } = finding;
  const where = [hotspot.file, hotspot.lines && `lines ${hotspot.lines}`, hotspot.symbol];
  return [
    `## ${index + 1}. ${escape(title)}`,
    [
      `- Id: ${escape(id)}`,
      `- Hotspot: ${where.flatMap((text) => (text ? escape(text) : [])).join(', ')}`,
      ...(impact === undefined ? [] : [`- Impact: ${escape(impact)}`]),
    ].join('\n'),
    '### Evidence',
    evidence.map((text) => `- ${escape(text)}`).join('\n'),
    ...(candidate_fixes.length === 0
      ? []
      : ['### Candidate fixes', candidate_fixes.map(renderFix).join('\n')]),
  ].join('\n\n');
}

function renderFix({ title, description, files, tests, risk }: CandidateFix): string {
  return [
    `- **${escape(title)}**`,
    ...(description === '' || description === title ? [] : [`  ${escape(description)}`]),
    ...(files.length === 0 ? [] : [`  - Files: ${files.map(escape).join(', ')}`]),
    ...(tests.length === 0 ? [] : [`  - Tests: ${tests.map(escape).join(', ')}`]),
    ...(risk === undefined ? [] : [`  - Risk: ${escape(risk)}`]),
  ].join('\n');
}

/** As itself on one line. */
function escape(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/[\\`*_{}[\]()#+!|~:.-]/g, String.raw`\$&`);
}
