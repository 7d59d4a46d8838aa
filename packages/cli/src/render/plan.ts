import type { PlanDescription, StageDescription } from '@codex-orchestrator/pipeline';

import { printable } from './printable.js';

/** A plan for people: each stage with everything that is not at its default. */
export function renderPlan(plan: PlanDescription): string[] {
  const { id, title, description, source } = plan.pipeline;
  return [
    `Pipeline: ${id} — ${title} [${source ?? 'none'}]`,
    ...labelled('Description: ', description),
    ...(plan.order === 'graph' ? ['Order: by `needs`, side by side where possible'] : []),
    'Stages:',
    ...plan.stages.flatMap((stage) => renderStage(stage, '  ')),
    `Target: ${plan.targetId}`,
  ].map(printable);
}

function renderStage(stage: StageDescription, indent: string): string[] {
  const inner = `${indent}   `;
  const facts = factsOf(stage);
  return [
    `${indent}${String(stage.index)}. [${stage.kind}] ${stage.title} (${stage.id})`,
    ...facts.map((fact) => `${inner}${fact}`),
    ...labelled(`${inner}needs: `, stage.needs.join(', ') || null),
    ...(stage.kind === 'subpipeline'
      ? stage.stages.flatMap((nested) => renderStage(nested, inner))
      : []),
  ];
}

function factsOf(stage: StageDescription): string[] {
  switch (stage.kind) {
    case 'command':
      return commandFacts(stage);
    case 'gate':
      return gateFacts(stage);
    case 'rlm':
      return loopFacts(stage);
    case 'subpipeline':
      return subpipelineFacts(stage);
  }
}

type Kind<Name> = Extract<StageDescription, { readonly kind: Name }>;

function commandFacts(stage: Kind<'command'>): string[] {
  return [
    `command: ${stage.command}`,
    ...labelled('cwd: ', stage.cwd),
    ...labelled('env: ', stage.env === null ? null : Object.keys(stage.env).join(', ')),
    ...(stage.allowFailure ? ['allowFailure: true'] : []),
    ...labelled('summaryHint: ', stage.summaryHint),
    ...labelled('timeoutMs: ', stage.timeoutMs),
    ...labelled('silenceTimeoutMs: ', stage.silenceTimeoutMs),
    ...labelled('retries: ', stage.retries?.max ?? null),
  ];
}

function gateFacts(stage: Kind<'gate'>): string[] {
  return [
    `gate: ${stage.gate}`,
    ...(stage.dryRun ? ['dryRun: true'] : []),
    ...labelled('env: ', stage.env === null ? null : Object.keys(stage.env).join(', ')),
    ...(stage.allowFailure ? ['allowFailure: true'] : []),
  ];
}

function loopFacts(stage: Kind<'rlm'>): string[] {
  const { validators, limits } = stage;
  const judges = typeof validators === 'object' ? validators : null;
  return [
    ...labelled('goal: ', stage.goal),
    ...labelled('agent: ', stage.agent),
    ...(typeof validators === 'string' ? [`validators: ${validators}`] : []),
    ...(judges ?? []).map(({ name, command }) => `validator: ${named(name)}${command}`),
    ...labelled('roles: ', stage.roles),
    ...labelled('isolation: ', stage.isolation),
    ...Object.entries(limits ?? {}).map(([name, value]) => `${name}: ${String(value)}`),
    ...labelled('protect: ', stage.protect?.join(', ') ?? null),
    ...labelled('env: ', stage.env === null ? null : Object.keys(stage.env).join(', ')),
    ...(stage.allowFailure ? ['allowFailure: true'] : []),
  ];
}

function named(name: string | null): string {
  return name === null ? '' : `${name}: `;
}

function subpipelineFacts(stage: Kind<'subpipeline'>): string[] {
  return [`pipeline: ${stage.pipeline}`, ...(stage.optional ? ['optional: true'] : [])];
}

function labelled(label: string, value: string | number | null): string[] {
  return value === null ? [] : [`${label}${String(value)}`];
}
