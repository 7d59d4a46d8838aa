import { InterfaceComments } from '@codex-orchestrator/testing/interface-comments';
import * as z from 'zod/mini';

import { metricsEntrySchema } from '../src/entry/entry-schema.js';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schema that the package ships. Its shape comes from the zod schema; what each member means
 * comes from the comments of the TypeScript interfaces, so that it is written down once.
 */
export function entryJsonSchema(): string {
  const { $schema, ...shape } = z.toJSONSchema(metricsEntrySchema(), { override: forReaders });
  const source = new URL('../src/entry/entry.ts', import.meta.url);
  new InterfaceComments([source]).describe(shape, 'MetricsEntry');
  const $id = 'https://unpkg.com/@codex-orchestrator/metrics/schema/metrics-entry.json';
  const title = 'One line of the history of runs';
  return `${JSON.stringify({ $schema, $id, title, ...shape }, null, 2)}\n`;
}

/** Takes out what says less than it takes to read. */
function forReaders({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
