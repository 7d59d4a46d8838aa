import * as z from 'zod/mini';

import { configSchemas } from './config-schema.js';

/** Where the JSON Schema of this version of the package can be had. */
const schemaUrl =
  'https://unpkg.com/@codex-orchestrator/pipeline/schema/codex.orchestrator.schema.json';

/**
 * The JSON Schema of `codex.orchestrator.json` in draft-07, the one that editors know best. It calls
 * unknown keys wrong where reading only warns: an editor is the place to notice a typing error.
 */
export function configJsonSchema(): Record<string, unknown> {
  const { file, ...named } = configSchemas();
  for (const [id, schema] of Object.entries(named)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  }
  const { $schema, ...body } = z.toJSONSchema(file, { target: 'draft-7' });
  return { $schema, $id: schemaUrl, title: 'Pipelines of codex-orchestrator', ...body };
}
