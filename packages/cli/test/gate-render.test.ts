import type { Finding, GateResult } from '@codex-orchestrator/gates';
import { expect, test } from 'vitest';

import type { UnjudgedGate } from '../src/commands/gate/answers.js';
import { describeGate } from '../src/gates/describe-gate.js';
import { renderGithub } from '../src/render/gate-github.js';
import { renderSarif } from '../src/render/gate-sarif.js';
import { renderAllGatesForAgent, renderGateForAgent } from '../src/render/gate.js';

function findingOf(members: Partial<Finding> = {}): Finding {
  return { rule: 'a-rule', file: null, line: null, message: 'm', fix: null, ...members };
}

function resultOf(members: Partial<GateResult> = {}): GateResult {
  return {
    gate: 'docs-check',
    outcome: 'failed',
    passes: false,
    findings: [],
    lines: [],
    facts: {},
    override: null,
    warnings: [],
    written: [],
    ...members,
  };
}

const unjudged: UnjudgedGate = {
  status: 'error',
  gate: 'diff-budget',
  error: { code: 'INVALID_BASE', message: 'No such revision', hint: 'Fetch it' },
  exit_code: 2,
};

test('a SARIF log has the members that its schema requires, and nothing where nothing was found', () => {
  const passed = resultOf({ outcome: 'passed', passes: true });
  expect(renderSarif([passed], { version: '1.2.3' })).toStrictEqual({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'codex-orchestrator', version: '1.2.3', rules: [] } },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
        columnKind: 'utf16CodeUnits',
        results: [],
      },
    ],
  });
});

test('a rule that is broken twice stands once in the log, and results point at it', () => {
  const log = renderSarif(
    [
      resultOf({ findings: [findingOf(), findingOf({ rule: 'b', line: 3, file: 'x.md' })] }),
      resultOf({ gate: 'tasks-sync', findings: [findingOf()] }),
      resultOf({ findings: [findingOf({ fix: 'Do it' })] }),
    ],
    { version: '1' },
  );
  const [run] = log.runs;
  const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
  expect(ids).toStrictEqual(['docs-check/a-rule', 'docs-check/b', 'tasks-sync/a-rule']);
  for (const { ruleId, ruleIndex } of run?.results ?? []) expect(ids[ruleIndex]).toBe(ruleId);
  expect(run?.results.map(({ message: { text } }) => text)).toStrictEqual([
    'm',
    'm',
    'm',
    'm. Do it',
  ]);
});

test.each([
  ['docs/a b.md', 'docs/a%20b.md'],
  ['docs/über/100%.md', 'docs/%C3%BCber/100%25.md'],
  ['c:drive#1?.md', 'c%3Adrive%231%3F.md'],
  ['half \ud800.md', 'half%20%EF%BF%BD.md'],
])('the path %j is %s in a SARIF log, and reads back as itself', (file, uri) => {
  const log = renderSarif([resultOf({ findings: [findingOf({ file, line: 7 })] })], {
    version: '1',
  });
  expect(log.runs[0]?.results[0]?.locations).toStrictEqual([
    {
      physicalLocation: {
        artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
        region: { startLine: 7 },
      },
    },
  ]);
  const base = 'file:///repository/';
  expect(decodeURIComponent(new URL(uri, base).href.slice(base.length))).toBe(
    Buffer.from(file).toString(),
  );
});

test('only what failed is an error; what is about no file points at the configuration', () => {
  const findings = [findingOf({ file: 'a.md' }), findingOf()];
  const outcomes = ['failed', 'overridden', 'not_reviewed'] as const;
  const log = renderSarif(
    outcomes.map((outcome) => resultOf({ outcome, findings })),
    { version: '1' },
  );
  const results = log.runs[0]?.results ?? [];
  expect(results.map(({ level }) => level)).toStrictEqual([
    ...['error', 'error'],
    ...['warning', 'warning', 'warning', 'warning'],
  ]);
  const places = results.map(({ locations: [{ physicalLocation }] }) => physicalLocation);
  expect(places.map(({ artifactLocation }) => artifactLocation.uri)).toStrictEqual(
    outcomes.flatMap(() => ['a.md', 'codex.orchestrator.json']),
  );
  for (const place of places) expect(place).not.toHaveProperty('region');
});

test('a gate without a verdict makes the run of the log an unsuccessful one', () => {
  const log = renderSarif([resultOf({ warnings: ['only half was read'] })], {
    version: '1',
    unjudged: [unjudged],
  });
  expect(log.runs[0]?.invocations).toStrictEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          level: 'error',
          message: { text: 'diff-budget: No such revision. Fetch it' },
          descriptor: { id: 'INVALID_BASE' },
        },
        { level: 'warning', message: { text: 'docs-check: only half was read' } },
      ],
    },
  ]);
});

test('annotations are one line each, with nothing in them that GitHub would read otherwise', () => {
  const file = 'a,b:c%.md';
  const message = 'first\r\nsecond ::error::fake 100%\u001b[31m';
  const finding = findingOf({ file, line: 2, message, fix: 'Do it' });
  expect(renderGithub([resultOf({ findings: [finding] })])).toStrictEqual([
    '::error file=a%2Cb%3Ac%25.md,line=2,title=docs-check%3A a-rule::first%0Asecond ::error::fake 100%25%0ADo it',
  ]);
});

test('annotations are errors for what failed and warnings for the rest, ten of each', () => {
  const findings = Array.from({ length: 30 }, () => findingOf({ line: 4 }));
  const commands = renderGithub(
    [resultOf({ outcome: 'overridden', findings }), resultOf({ findings })],
    [unjudged],
  );
  expect(commands).toHaveLength(20);
  expect(commands[0]).toBe(
    '::error title=diff-budget%3A INVALID_BASE::No such revision%0AFetch it',
  );
  // A line says nothing without its file.
  expect(commands[9]).toBe('::error title=docs-check%3A a-rule::m');
  expect(commands[10]).toBe('::warning title=docs-check%3A a-rule::m');
});

test('an agent is told the verdict and as many findings as fit, in a kilobyte', () => {
  const findings = Array.from({ length: 500 }, (_, at) =>
    findingOf({ file: `docs/${'ü'.repeat(40)}-${at}.md`, line: at + 1, message: 'x'.repeat(200) }),
  );
  const answer = describeGate(
    resultOf({ findings, override: 'y'.repeat(5000), warnings: ['z'.repeat(5000)] }),
    false,
  );
  const text = renderGateForAgent(answer).join('\n');
  expect(Buffer.byteLength(text)).toBeLessThan(1024);
  expect(text).toMatch(/^docs-check: failed, 500 findings, exit code 1\n/);
  expect(text).toMatch(/\nand 49[0-9] more: codex-orchestrator gate docs-check --format json$/);
});

test('an agent is told of all gates in a kilobyte, also where none comes to a verdict', () => {
  const error = { code: 'GIT_FAILED', message: 'ü'.repeat(3000) };
  const gates = Array.from({ length: 9 }, () => ({ ...unjudged, error }));
  const text = renderAllGatesForAgent({ status: 'error', dry_run: false, exit_code: 2, gates });
  expect(Buffer.byteLength(text.join('\n'))).toBeLessThan(1024);
  expect(text[0]).toBe('0 of 9 gates passed, 9 came to no verdict, exit code 2');
});
