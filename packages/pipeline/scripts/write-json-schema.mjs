// Writes schema/codex.orchestrator.schema.json from the built package: `npm run build` runs it.
import { mkdirSync, writeFileSync } from 'node:fs';

import { configJsonSchema } from '../dist/index.js';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('codex.orchestrator.schema.json', folder),
  `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
);
