import type { BenchResults, Control, GuardResult } from '../results/result.js';
import { quantity } from './guard-facts.js';

interface Case {
  readonly name: string;
  readonly seconds: number;
  /** Markup of what came of it; nothing where it passed. */
  readonly outcome: string;
  readonly kind: 'error' | 'failure' | 'passed' | 'skipped';
}

/**
 * Results as JUnit: one suite per project, one case per guard and control. What regressed is a failure,
 * what has no result an error, and what is undecided skipped.
 */
export function renderJunit(results: readonly BenchResults[]): string {
  const projects = [...new Set(results.map(({ project }) => project))];
  const suites = projects.map((project) =>
    suiteOf(
      project,
      results.filter((each) => each.project === project),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bench">\n${suites.join('')}</testsuites>\n`;
}

function suiteOf(project: string, results: readonly BenchResults[]): string {
  const cases = results.flatMap(({ guards, controls }) => [
    ...guards.map(guardCase),
    ...controls.map(controlCase),
  ]);
  const count = (kind: Case['kind']): number => cases.filter((each) => each.kind === kind).length;
  const seconds = results.reduce((sum, { durationMs }) => sum + durationMs / 1000, 0);
  const attributes = [
    `name="${attribute(project)}"`,
    `tests="${cases.length}"`,
    `failures="${count('failure')}"`,
    `errors="${count('error')}"`,
    `skipped="${count('skipped')}"`,
    `time="${seconds.toFixed(3)}"`,
    `timestamp="${attribute((results[0]?.startedAt ?? '').replace(/\.\d+Z$/, ''))}"`,
  ];
  const lines = cases.map((each) => caseText(project, each));
  return `  <testsuite ${attributes.join(' ')}>\n${lines.join('')}  </testsuite>\n`;
}

function caseText(project: string, { name, seconds, outcome }: Case): string {
  const head = `    <testcase classname="${attribute(project)}" name="${attribute(name)}" time="${seconds.toFixed(3)}"`;
  return outcome === '' ? `${head}/>\n` : `${head}>\n      ${outcome}\n    </testcase>\n`;
}

function guardCase(guard: GuardResult): Case {
  const { samples = [] } = guard;
  const wallMs = samples.flatMap(({ calls }) => calls).reduce((sum, call) => sum + call.wallMs, 0);
  return { name: guard.guard, seconds: wallMs / 1000, ...outcomeOf(guard) };
}

function outcomeOf(guard: GuardResult): Pick<Case, 'kind' | 'outcome'> {
  const { verdict, reason, promise, smallestVisible } = guard;
  const message = `message="${attribute(reason)}"`;
  const body = content(`${reason}\nPromised: ${promise}`);
  if (verdict === 'regressed') {
    return { kind: 'failure', outcome: `<failure type="regressed" ${message}>${body}</failure>` };
  }
  if (verdict === 'failed') {
    return { kind: 'error', outcome: `<error type="failed" ${message}>${body}</error>` };
  }
  if (verdict !== 'undecided') return { kind: 'passed', outcome: '' };
  const visible =
    smallestVisible === undefined
      ? ''
      : `; the smallest slowdown it could have seen is ${quantity(smallestVisible, 'ratio')}`;
  return { kind: 'skipped', outcome: `<skipped message="${attribute(`${reason}${visible}`)}"/>` };
}

function controlCase({ name, guard, passed, reason }: Control): Case {
  const outcome = passed
    ? ''
    : `<error type="control" message="${attribute(reason)}">${content(reason)}</error>`;
  return {
    name: `control: ${name} of ${guard}`,
    seconds: 0,
    outcome,
    kind: passed ? 'passed' : 'error',
  };
}

/** XML 1.0 has no place for most control characters and halves of pairs, however they are written. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function content(text: string): string {
  return text
    .replace(forbidden, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`);
}
