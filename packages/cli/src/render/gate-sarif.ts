import type { Finding, GateName, GateResult } from '@codex-orchestrator/gates';

import type { UnjudgedGate } from '../commands/gate/answers.js';
import { configName } from '../workspace.js';

export interface SarifOptions {
  /** Version of this program. */
  readonly version: string;
  /** Gates that came to no verdict. @default none */
  readonly unjudged?: readonly UnjudgedGate[];
}

/**
 * What gates found as a SARIF 2.1.0 log with one run, for services that show findings beside the code. A
 * rule is called `<gate>/<rule>`. Findings of a gate that failed are errors, all others warnings; those
 * that are about no file have no location. Paths are percent-encoded and relative to `%SRCROOT%`.
 */
export function renderSarif(results: readonly GateResult[], options: SarifOptions): SarifLog {
  const { version, unjudged = [] } = options;
  const rules = collectRules(results);
  const indexes = new Map([...rules.keys()].map((id, index) => [id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'codex-orchestrator',
            version,
            rules: [...rules.values()],
          },
        },
        invocations: [
          {
            executionSuccessful: unjudged.length === 0,
            toolExecutionNotifications: [
              ...unjudged.map(describeUnjudged),
              ...results.flatMap(describeWarnings),
            ],
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: results.flatMap((result) =>
          result.findings.map((finding) => describeFinding(finding, result, indexes)),
        ),
      },
    ],
  };
}

/** As much of a SARIF log as is written here. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly version: string;
      readonly rules: readonly SarifRule[];
    };
  };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly SarifNotification[];
  }[];
  readonly columnKind: 'utf16CodeUnits';
  readonly results: readonly SarifResult[];
}

export interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifMessage;
  readonly fullDescription: SarifMessage;
  readonly help: SarifMessage;
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: SarifMessage;
  readonly locations: readonly [SarifLocation];
}

export interface SarifNotification {
  readonly level: SarifLevel;
  readonly message: SarifMessage;
  readonly descriptor?: { readonly id: string };
}

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: '%SRCROOT%' };
    readonly region?: { readonly startLine: number };
  };
}

interface SarifMessage {
  readonly text: string;
}

type SarifLevel = 'error' | 'warning';

/** By their ids, in the order in which they were first broken. */
function collectRules(results: readonly GateResult[]): Map<string, SarifRule> {
  const rules = new Map<string, SarifRule>();
  for (const { gate, findings } of results) {
    for (const { rule } of findings) {
      const id = ruleId(gate, rule);
      if (!rules.has(id)) rules.set(id, describeRule(id, gate, rule));
    }
  }
  return rules;
}

function describeRule(id: string, gate: GateName, rule: string): SarifRule {
  const words = rule.replaceAll('-', ' ');
  return {
    id,
    shortDescription: { text: `${gate}: ${words}` },
    fullDescription: { text: `The gate ${gate} found what its rule ${rule} is about` },
    help: { text: `codex-orchestrator gate ${gate}` },
  };
}

function ruleId(gate: GateName, rule: string): string {
  return `${gate}/${rule}`;
}

function describeFinding(
  { file, line, message, fix, rule }: Finding,
  { gate, outcome }: GateResult,
  indexes: ReadonlyMap<string, number>,
): SarifResult {
  const id = ruleId(gate, rule);
  return {
    ruleId: id,
    ruleIndex: indexes.get(id) ?? -1,
    level: outcome === 'failed' ? 'error' : 'warning',
    message: { text: wellFormed(fix === null ? message : `${message}. ${fix}`) },
    locations: [locate(file ?? configName, line)],
  };
}

function locate(file: string, line: number | null): SarifLocation {
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(file), uriBaseId: '%SRCROOT%' },
      ...(line === null ? {} : { region: { startLine: line } }),
    },
  };
}

/** A colon in the first segment would make a scheme of it, and a percent sign an escape. */
function relativeUri(file: string): string {
  return wellFormed(file).split('/').map(encodeURIComponent).join('/');
}

/** Halves of characters, which no encoding has, as the character that stands for what is unknown. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString('utf8');
}

function describeUnjudged({
  gate,
  error: { code, message, hint },
}: UnjudgedGate): SarifNotification {
  const words = hint === undefined ? message : `${message}. ${hint}`;
  return {
    level: 'error',
    message: { text: wellFormed(`${gate}: ${words}`) },
    descriptor: { id: code },
  };
}

function describeWarnings({ gate, warnings }: GateResult): SarifNotification[] {
  return warnings.map((warning) => {
    return { level: 'warning', message: { text: wellFormed(`${gate}: ${warning}`) } };
  });
}
