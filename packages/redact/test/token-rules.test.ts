import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createRedactor } from '../src/index.js';
import { parseShape } from '../src/shape.js';
import { tokenRules } from '../src/token-rules.js';
import { letters, pem } from './samples.js';

const redactor = createRedactor();

/** The shortest text of a shape, made here so that no token lies in this repository. */
function sampleOf(shape: string, seed: number): string {
  const random = createSeededRandom(seed);
  return parseShape(shape)
    .map(({ members, min }) => {
      const letters = [...members.keys()].filter((byte) => members[byte] === 1);
      return Array.from({ length: min }, () =>
        String.fromCharCode(letters[random.integer(0, letters.length - 1)] ?? 0),
      ).join('');
    })
    .join('');
}

test.each(tokenRules)('$shape is found, with all that follows of it', (rule) => {
  for (let seed = 1; seed <= 20; seed++) {
    const token = sampleOf(rule.shape, seed);
    expect(token).toMatch(new RegExp(`^${rule.shape}$`));
    for (const before of ['', ' ', '"', '\x1b[1;32m', '\\n', '%3D', '(']) {
      expect(redactor.text(`${before}${token}`)).not.toContain(token.slice(-12));
    }
    const output = redactor.text(`a ${token} b`);
    expect(output.slice(0, 2) + output.slice(-2)).toBe('a  b');
    expect(output).toContain('[REDACTED]');
    expect(output).not.toContain(token);
  }
});

test.each(tokenRules)('the parts of $shape have one way to match', ({ shape }) => {
  const parts = parseShape(shape);
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (next === undefined || part.min === part.max) continue;
    expect(
      [...part.members.keys()].some((byte) => part.members[byte] === 1 && next.members[byte] === 1),
    ).toBe(false);
  }
});

test('what another tool finds in a corpus is redacted as well', async () => {
  const body = 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'.repeat(8);
  const samples = [
    ...tokenRules.map(({ shape }, index) => sampleOf(shape, index + 1)),
    `AWS_SECRET_ACCESS_KEY=${body.slice(0, 40)}`,
    `aws_secret_access_key = ${body.slice(0, 40)}`,
    `"SecretAccessKey": "${body.slice(0, 40)}"`,
    `//registry.npmjs.org/:_authToken=${body.slice(0, 36)}`,
    `https://someone:${body.slice(0, 16)}@host.example/x`,
    `postgres://someone:${body.slice(0, 16)}@db.example.org:5432/x`,
    `mongodb+srv://someone:${body.slice(0, 16)}@db.example.org/x`,
    `mysql://someone:${body.slice(0, 16)}@db.example.org/x`,
    pem().replace(letters, body),
    `sk-${body.slice(0, 20)}T3BlbkFJ${body.slice(0, 20)}`,
    `sk-proj-${body.slice(0, 74)}T3BlbkFJ${body.slice(0, 74)}`,
    `sk-ant-api03-${body.slice(0, 93)}AA`,
    `xoxb-${'1'.repeat(12)}-${'2'.repeat(12)}-${body.slice(0, 24)}`,
    `https://hooks.slack.com/services/T${'A1'.repeat(4)}/B${'A1'.repeat(4)}/${body.slice(0, 24)}`,
    `SG.${body.slice(0, 22)}.${body.slice(0, 43)}`,
    `shpat_${'0a'.repeat(16)}`,
    `github_pat_${body.slice(0, 22)}_${body.slice(0, 59)}`,
    `lin_api_${body.slice(0, 40)}`,
    `ops_eyJ${body.slice(0, 260)}`,
    `npm_${body.slice(0, 36)}`,
  ];
  let found = 0;
  for (const content of samples) {
    for (const [start, end] of await findingsIn(content)) {
      found++;
      const secret = content.slice(start, end);
      // A finding may be more than the secret: the name before it, the host after it.
      expect(redactor.text(content), secret).not.toContain(secret);
    }
  }
  expect(found).toBeGreaterThanOrEqual(20);
});

async function findingsIn(content: string): Promise<(readonly [number, number])[]> {
  const { messages } = await lintSource({
    source: { filePath: '/sample.txt', content, contentType: 'text' },
    options: {
      config: { rules: [{ id: creator.meta.id, rule: creator, options: {} }] },
      noPhysicFilePath: true,
    },
  });
  return messages.map(({ range }) => [range[0], range[1]] as const);
}
