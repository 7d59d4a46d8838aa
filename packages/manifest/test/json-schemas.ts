import { InterfaceComments } from '@codex-orchestrator/testing/interface-comments';
import * as z from 'zod/mini';

import { manifestSchema, runEventSchema } from '../src/index.js';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schemas that the package ships. Their shape comes from the zod schemas; what each member
 * means comes from the comments of the TypeScript interfaces, so that it is written down once. Unlike
 * the writer they leave room for members that are not known: records of newer versions stay valid.
 */
export function manifestJsonSchema(): string {
  return jsonSchemaText(manifestSchema(), 'manifest', {
    title: 'The record of one run',
    source: 'manifest.ts',
    interfaces: ['Manifest'],
  });
}

export function runEventJsonSchema(): string {
  return jsonSchemaText(runEventSchema(), 'run-event', {
    title: "One line of a run's journal",
    source: 'events.ts',
    interfaces: [
      'RunStartedEvent',
      'StageStartedEvent',
      'StageSpawnedEvent',
      'StageRetriedEvent',
      'StageFinishedEvent',
      'LoopStartedEvent',
      'LoopIterationEvent',
      'StageSkippedEvent',
      'RunCancellingEvent',
      'RunRecoveredEvent',
      'RunResumedEvent',
      'ResumeRefusedEvent',
      'RunFinishedEvent',
    ],
  });
}

interface Documented {
  readonly title: string;
  readonly source: string;
  /** One for an object, one per variant for a union. */
  readonly interfaces: readonly string[];
}

function jsonSchemaText(
  schema: z.core.$ZodType,
  name: string,
  { source, interfaces, title }: Documented,
): string {
  const { $schema, ...shape } = z.toJSONSchema(schema, { override: forReaders });
  const comments = new InterfaceComments(
    [source, 'manifest.ts', 'run-context.ts'].map(
      (file) => new URL(`../src/${file}`, import.meta.url),
    ),
  );
  const variants = shape.oneOf ?? shape.anyOf ?? [shape];
  variants.forEach((variant, at) => {
    comments.describe(variant, interfaces[at] ?? '');
  });
  const $id = `https://unpkg.com/@codex-orchestrator/manifest/schema/${name}.schema.json`;
  return `${JSON.stringify({ $schema, $id, title, ...shape }, null, 2)}\n`;
}

/** Takes out what only a strict writer promises, and what says less than it takes to read. */
function forReaders({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
