import { expect, test } from 'vitest';

import type { InstructionJudgement } from '../../src/gate/gate-ports.js';
import type { GateResult } from '../../src/gate/gate-result.js';
import { instructionStamps } from '../../src/instruction-stamps/instruction-stamps.js';
import { createGateRig } from '../gate-rig.js';

const finding = {
  rule: 'instruction-stamp-mismatch',
  file: 'AGENTS.md',
  line: 1,
  message: 'The stamp does not fit',
  fix: null,
};

test('no instruction file and none asked for is nothing to judge', async () => {
  expect(await judge({ files: [], findings: [] })).toMatchObject({
    outcome: 'not_applicable',
    passes: true,
  });
});

test('files that fit pass', async () => {
  const result = await judge({ files: ['AGENTS.md'], findings: [] });
  expect(result).toMatchObject({ outcome: 'passed', passes: true });
  expect(result.lines).toEqual(['✅ Instruction stamps: OK (1 file)']);
});

test('what is wrong fails as it was found', async () => {
  const result = await judge({ files: ['AGENTS.md'], findings: [finding] });
  expect(result).toMatchObject({ outcome: 'failed', passes: false, findings: [finding] });
  expect(result.lines).toEqual([
    '❌ Instruction stamps: issues detected (1 file)',
    ' - AGENTS.md: The stamp does not fit',
  ]);
});

test('files that are asked for and that nobody looked at fail', async () => {
  const result = await judge({ files: [], findings: [] }, ['docs/AGENTS.md']);
  expect(result).toMatchObject({ outcome: 'failed', passes: false });
  expect(result.findings).toMatchObject([{ file: 'docs/AGENTS.md' }]);
});

async function judge(answer: InstructionJudgement, files?: readonly string[]): Promise<GateResult> {
  await using rig = await createGateRig({ git: false });
  const asked: (readonly string[] | undefined)[] = [];
  const result = await rig.run(instructionStamps, {
    settings: files ? { 'instruction-stamps': { files } } : {},
    checkInstructions: (wanted) => {
      asked.push(wanted);
      return answer;
    },
  });
  expect(asked).toEqual([files]);
  return result;
}
