import { systemRandom } from '@codex-orchestrator/core';
import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';

import { encodeRecord } from '../src/record/encode.js';
import { prepareBatch } from '../src/record/prepare.js';
import { experienceInputSchema, experienceRecordSchema } from '../src/record/record-schema.js';
import type { ExperienceInput } from '../src/record/record.js';
import { input } from './write-rig.js';

function lineOf(given: ExperienceInput): string {
  const context = { clock: createManualClock(), random: systemRandom };
  const [prepared] = prepareBatch([given], context)?.records ?? [];
  if (!prepared) throw new Error('nothing was prepared');
  return encodeRecord({ ...prepared.record, seen: 1, uses: 0, helped: 0, harmed: 0, pinned: true });
}

test('what is written is as the schema says, and each of its members is in the schema', () => {
  const record = JSON.parse(lineOf(input())) as object;
  expect(z.safeParse(experienceRecordSchema(), record).success).toBe(true);
  const { properties = {} } = z.toJSONSchema(experienceRecordSchema());
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(record)));
});

test('a line of the first writer of the format is as the schema says', () => {
  const { contentHash, stageId, commit, evidence, source, ...first } = JSON.parse(
    lineOf(input()),
  ) as Record<string, unknown>;
  expect([contentHash, stageId, commit, evidence, source]).toHaveLength(5);
  expect(z.safeParse(experienceRecordSchema(), first).success).toBe(true);
});

test('what the schema of inputs refuses, is refused as an input too', () => {
  const schema = experienceInputSchema();
  expect(z.safeParse(schema, input()).success).toBe(true);
  for (const member of Object.keys(schema.def.shape)) {
    const bad: ExperienceInput = { ...input(), [member]: member === 'toolStats' ? 5 : [] };
    expect(z.safeParse(schema, bad).success, member).toBe(false);
    expect(() => lineOf(bad), member).toThrow(member);
  }
});

test('the record can be published as a JSON Schema', () => {
  const schema = z.toJSONSchema(experienceRecordSchema());
  expect(schema).toMatchObject({
    type: 'object',
    properties: {
      summary32: { type: 'string' },
      reward: { type: 'object', required: ['gtScore', 'relativeRank'] },
    },
  });
  for (const member of ['id', 'domain', 'reward']) expect(schema.required).toContain(member);
});
