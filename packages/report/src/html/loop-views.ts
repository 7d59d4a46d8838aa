import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';
import * as z from 'zod/mini';

import { loopSchemas, readItems, readTexts } from './loop-record.js';
import { loopTraceOf } from './loop-trace.js';
import type { LoopTrace } from './loop-trace.js';
import type { FindingView, LoopView } from './loop-view.js';

export interface LoopSources {
  readonly manifest: Manifest;
  /** The lines of the journal, in their order. */
  readonly journal: Iterable<unknown>;
  /** What `rlm/findings.json` holds. */
  readonly findings: unknown;
}

/** A pipeline has one loop; records of other tools hold anything. */
const maxLoops = 3;

/** The agent loops of a run. Nothing throws: what cannot be read is not shown. */
export function loopViews({ manifest, journal, findings }: LoopSources): LoopView[] {
  const stages = manifest.commands.filter(({ kind }) => kind === 'rlm').slice(0, maxLoops);
  return stages
    .filter(({ started_at: startedAt }) => startedAt !== null)
    .map((stage, at) => {
      const view = loopView(stage, loopTraceOf(journal, stage.id));
      return at === 0 ? { ...view, findings: findingViews(findings) } : view;
    });
}

function loopView(stage: StageRecord, trace: LoopTrace): LoopView {
  const schemas = loopSchemas();
  const settings = schemas.settings.safeParse(trace.start).data?.settings;
  const end = schemas.end.safeParse(stage.loop).data;
  const { iterations } = trace;
  const { limits } = settings ?? {};
  return {
    id: stage.id,
    title: stage.title,
    verdict: end?.verdict ?? stage.status,
    reason: stage.summary === null ? null : withoutVerdict(stage.summary),
    agent: end?.agent ?? settings?.agent.name ?? null,
    goal: settings?.goal ?? null,
    roles: settings?.roles ?? null,
    isolation: settings?.isolation ?? null,
    branch: end?.branch ?? null,
    best: end?.best_iteration ?? null,
    used: {
      iterations: end?.iterations ?? iterations.length,
      minutes: sumOf(iterations.map(({ durationMs }) => durationMs ?? 0)) / 60_000,
      tokens: end ? end.input_tokens + end.output_tokens : sumOf(iterations.map((i) => i.tokens)),
      cost: end ? end.cost_usd : sumOf(iterations.map((iteration) => iteration.cost)),
    },
    limits: {
      iterations: limits?.maxIterations ?? null,
      minutes: limits?.maxMinutes ?? null,
      tokens: limits?.maxTokens ?? null,
      cost: limits?.maxCostUsd ?? null,
    },
    toolCalls: end?.tool_calls ?? trace.toolCalls,
    validators: readItems(schemas.validator, settings?.validators).map(({ name, command }) => {
      return { name, command: typeof command === 'string' ? command : command.join(' ') };
    }),
    iterations,
    findings: [],
  };
}

/** The badge beside it says the rest: `passed after 3 iterations: `. */
function withoutVerdict(summary: string): string {
  return summary.replace(/^[a-z_]+ after \d+ iterations?: /, '');
}

function findingViews(document: unknown): FindingView[] {
  const read = z.object({ findings: z.optional(z.unknown()) }).safeParse(document);
  const titled = z.object({ title: z.string() });
  return readItems(loopSchemas().finding, read.data?.findings).map((finding) => ({
    title: finding.title,
    file: finding.hotspot.file,
    evidence: readTexts(finding.evidence).length,
    fixes: readItems(titled, finding.candidate_fixes).map(({ title }) => title),
  }));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
