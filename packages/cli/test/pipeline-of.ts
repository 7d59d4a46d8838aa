export type Stage = Readonly<Record<string, unknown>> & { readonly id: string };

/** A configuration of one pipeline `p` of command stages; what a stage does not say is `true`. */
export function pipelineOf(...stages: readonly Stage[]): object {
  const filled = stages.map((stage) => ({
    kind: 'command',
    title: stage.id.toUpperCase(),
    command: 'true',
    ...stage,
  }));
  const pipeline = { id: 'p', title: 'Checks', guardrailsRequired: false, stages: filled };
  return { defaultPipeline: 'p', pipelines: [pipeline] };
}
