import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import type { GateFacts, GateResult } from '../gate/gate-result.js';
import { changesSince } from '../repository/changes-since.js';
import { describeBase, resolveBase } from '../repository/resolve-base.js';
import type { BaseSetting } from '../repository/resolve-base.js';
import { isFileThere } from './is-file-there.js';
import { judgeSpecGuard, sortChanges } from './judge-spec-guard.js';
import type { SpecChanges } from './judge-spec-guard.js';
import { readSpecs } from './read-specs.js';
import { specRulesOf } from './spec-guard-settings.js';
import type { SpecRules } from './spec-guard-settings.js';

/**
 * Whether code changed together with a spec, or with the index of tasks, and whether each spec was reviewed
 * not long ago. Changes are those since a base, uncommitted ones included; a deleted spec is no change of one.
 *
 * Not applicable where there is and was neither a spec nor an index, and no settings ask for them.
 */
export async function specGuard(ports: GatePorts): Promise<GateResult> {
  const rules = specRulesOf(ports.settings);
  const specs = await readSpecs(ports, rules);
  const isAsked =
    ports.settings['spec-guard'] !== undefined ||
    specs.length > 0 ||
    isFileThere(ports, rules.index);
  const compared = isAsked ? await compare(ports, rules) : await compareIfPossible(ports, rules);
  const { changes, facts, warnings } = compared;
  if (!isAsked && changes.deletedSpecs.length === 0) return notApplicable(rules, warnings);
  const findings = judgeSpecGuard(changes, specs, rules);
  const passes = findings.length === 0;
  return {
    gate: 'spec-guard',
    outcome: passes ? 'passed' : 'failed',
    passes,
    findings,
    lines: passes
      ? ['✅ Spec guard: OK']
      : ['❌ Spec guard: issues detected', ...findings.map(({ message }) => ` - ${message}`)],
    facts: {
      ...facts,
      code_files: changes.code.length,
      changed_specs: changes.specs.length,
      specs: specs.length,
      max_age_days: rules.maxAgeDays,
    },
    override: null,
    warnings,
    written: [],
  };
}

interface Compared {
  readonly changes: SpecChanges;
  readonly facts: GateFacts;
  readonly warnings: readonly string[];
}

async function compare(ports: GatePorts, rules: SpecRules): Promise<Compared> {
  const base = await resolveBase(ports, baseSetting(ports));
  const changes = sortChanges(await changesSince(ports, base, { withLines: false }), rules);
  return { changes, facts: describeBase(base), warnings: base.warnings };
}

function baseSetting({ settings }: GatePorts): BaseSetting {
  const own = settings['spec-guard']?.base;
  if (own !== undefined) return { name: 'gates.spec-guard.base', revision: own };
  return { name: 'gates.diff-budget.base', revision: settings['diff-budget']?.base };
}

/** What a repository without specs cannot tell is no reason to stop it, but one to say so. */
async function compareIfPossible(ports: GatePorts, rules: SpecRules): Promise<Compared> {
  try {
    return await compare(ports, rules);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    const changes = { code: [], specs: [], deletedSpecs: [] };
    if (error.code === 'NOT_A_REPOSITORY') return { changes, facts: {}, warnings: [] };
    if (error.code !== 'INVALID_BASE') throw error;
    const warning = `Whether specs were deleted is not known: ${error.message}`;
    return { changes, facts: {}, warnings: [warning] };
  }
}

function notApplicable({ index }: SpecRules, warnings: readonly string[]): GateResult {
  return {
    gate: 'spec-guard',
    outcome: 'not_applicable',
    passes: true,
    findings: [],
    lines: [`Spec guard: not applicable (no specs, no ${index}, no settings)`],
    facts: { specs: 0 },
    override: null,
    warnings,
    written: [],
  };
}
