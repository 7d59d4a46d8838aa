/** Every gate, in the order in which people read them. */
export const gateNames = [
  'spec-guard',
  'docs-check',
  'docs-freshness',
  'diff-budget',
  'delegation-guard',
  'review',
  'tasks-sync',
  'evidence-check',
  'instruction-stamps',
] as const;
export type GateName = (typeof gateNames)[number];
