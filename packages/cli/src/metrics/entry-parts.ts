import type { MetricsEntry } from '@codex-orchestrator/metrics';

/** One object of a list that an entry holds. */
type MemberOf<Name extends keyof MetricsEntry> =
  NonNullable<MetricsEntry[Name]> extends readonly (infer Member)[] ? Member : never;

export type InstanceMetrics = MemberOf<'instance_stats'>;
export type MachineMetrics = NonNullable<MetricsEntry['machine']>;
export type PrivacyEvent = MemberOf<'privacy_events'>;
export type StageMetrics = MemberOf<'stages'>;
export type ToolMetrics = MemberOf<'tool_stats'>;
