import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { configJsonSchema } from '../src/index.js';

const shipped = new URL('../schema/codex.orchestrator.schema.json', import.meta.url);

test('the shipped JSON Schema is the one that the zod schema gives', async () => {
  expect(JSON.parse(await readFile(shipped, 'utf8'))).toEqual(configJsonSchema());
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
