import { expect, test } from 'vitest';

import { manifestJsonSchema, runEventJsonSchema } from './json-schemas.js';

// `npm run schema` writes the files: the same comparison with leave to update.

test('the shipped JSON Schema of the manifest is the one that the code stands for', async () => {
  await expect(manifestJsonSchema()).toMatchFileSnapshot('../schema/manifest.schema.json');
});

test('the shipped JSON Schema of events is the one that the code stands for', async () => {
  await expect(runEventJsonSchema()).toMatchFileSnapshot('../schema/run-event.schema.json');
});

test('the schemas say what members mean, and leave room for members of newer versions', () => {
  const schema = JSON.parse(manifestJsonSchema()) as {
    additionalProperties?: unknown;
    properties: Record<string, { description?: string; items?: { properties: object } }>;
  };
  expect(schema.additionalProperties).toBeUndefined();
  expect(schema.properties['parent_run_id']?.description).toMatch(/started this one/);
  expect(schema.properties['commands']?.items?.properties).toHaveProperty(
    'attempts.description',
    'Attempts begun.',
  );
});
