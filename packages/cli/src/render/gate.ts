import type { Finding, GateResult } from '@codex-orchestrator/gates';

import type { AllGatesAnswer, GateAnswer, UnjudgedGate } from '../commands/gate/answers.js';
import { maxAgentBytes } from './agent-answer.js';
import { cutToBytes } from './cut-text.js';
import { countOf } from './metrics-numbers.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

/** Most that one line may take of an answer for agents, so that there is room for several. */
const maxLineBytes = { finding: 160, gate: 80 };

/** What a gate says, in its own words. */
export function renderGate({ lines }: Pick<GateResult, 'lines'>): Line[] {
  return [...lines];
}

/** What all gates say, each under its name. */
export function renderAllGates(answer: AllGatesAnswer, results: readonly GateResult[]): Line[] {
  const sections = answer.gates.flatMap((gate): Line[] => {
    const heading = `== ${gate.gate}`;
    if (gate.status === 'error') return [heading, ...renderUnjudged(gate)];
    const own = results.find((result) => result.gate === gate.gate);
    return [heading, ...(own?.lines ?? [])];
  });
  return [...sections, '', overview(answer)];
}

function renderUnjudged({ error: { code, message, hint } }: UnjudgedGate): Line[] {
  return [
    [{ text: code, style: 'red' }, `: ${message}`],
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ];
}

/** One gate for a coding agent, in at most 1024 bytes: the verdict, then as many findings as there is room for. */
export function renderGateForAgent(answer: GateAnswer): string[] {
  const command = `codex-orchestrator gate ${answer.gate} --format json`;
  const head = [
    `${answer.gate}: ${outcomeWords(answer)}, exit code ${answer.exit_code}`,
    ...(answer.override === null ? [] : [cut(`override: ${answer.override}`)]),
    ...answer.warnings.slice(0, 1).map((warning) => cut(`warning: ${warning}`)),
  ];
  return withFindings(head, answer.findings, command);
}

/** The same for all gates: first what each came to, then what the ones that failed found. */
export function renderAllGatesForAgent(answer: AllGatesAnswer): string[] {
  const failed = answer.gates.filter(({ status }) => status !== 'passed');
  const head = [
    overview(answer),
    ...failed.map((gate) =>
      gate.status === 'error'
        ? cut(`${gate.gate}: ${gate.error.code}: ${gate.error.message}`, maxLineBytes.gate)
        : `${gate.gate}: ${outcomeWords(gate)}`,
    ),
  ];
  const findings = failed.flatMap((gate) => (gate.status === 'error' ? [] : gate.findings));
  return withFindings(head, findings, 'codex-orchestrator gate all --format json');
}

function overview({ gates, exit_code: exitCode, dry_run: isDry }: AllGatesAnswer): string {
  const count = (wanted: string): number => gates.filter(({ status }) => status === wanted).length;
  const parts = [
    `${count('passed')} of ${countOf(gates.length, 'gate')} passed`,
    ...(count('failed') === 0 ? [] : [`${count('failed')} failed`]),
    ...(count('error') === 0 ? [] : [`${count('error')} came to no verdict`]),
    ...(isDry ? ['dry run'] : []),
    `exit code ${exitCode}`,
  ];
  return parts.join(', ');
}

function outcomeWords({ outcome, findings, dry_run: isDry }: GateAnswer): string {
  const words = outcome.replaceAll('_', ' ');
  const count = findings.length === 0 ? [] : [countOf(findings.length, 'finding')];
  return [words, ...count, ...(isDry ? ['dry run'] : [])].join(', ');
}

/** A finding is cut where it is long; those that there is no room for are counted. */
function withFindings(
  head: readonly string[],
  findings: readonly Finding[],
  command: string,
): string[] {
  const lines = head.map((line) => printableLine(line, Infinity));
  let room = maxAgentBytes - sizeOf([...lines, leftWords(findings.length, command)]);
  const shown: string[] = [];
  for (const finding of findings) {
    const line = cut(describeFinding(finding));
    room -= sizeOf([line]);
    if (room < 0) break;
    shown.push(line);
  }
  const left = findings.length - shown.length;
  return [...lines, ...shown, ...(left === 0 ? [] : [leftWords(left, command)])];
}

function leftWords(count: number, command: string): string {
  return `and ${count} more: ${command}`;
}

function describeFinding({ file, line, rule, message }: Finding): string {
  const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
  return `- ${place}${rule}: ${message}`;
}

function cut(text: string, maxBytes = maxLineBytes.finding): string {
  return cutToBytes(printableLine(text, Infinity), maxBytes);
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}
