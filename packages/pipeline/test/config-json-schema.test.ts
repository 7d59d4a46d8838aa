import { expect, test } from 'vitest';

import { configJsonSchema } from '../src/index.js';

test('the shipped JSON Schema is the one that the zod schema gives', async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../schema/codex.orchestrator.schema.json');
});

test('generating the schema twice gives the same', () => {
  expect(configJsonSchema()).toEqual(configJsonSchema());
});

test('editors get a description for every member that can be written', () => {
  expect(membersWithoutDescription(configJsonSchema(), '')).toEqual([]);
});

function membersWithoutDescription(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: Record<string, object> };
  const missing = Object.entries(properties)
    .filter(([, member]) => !('description' in member))
    .map(([name]) => `${path}.${name}`);
  const below = Object.entries(schema).flatMap(([name, part]) =>
    membersWithoutDescription(part, `${path}.${name}`),
  );
  return [...missing, ...below];
}
