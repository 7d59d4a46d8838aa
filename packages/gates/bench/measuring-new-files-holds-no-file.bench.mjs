import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { countGate, makeRepository } from './plain-repository.mjs';

const fileBytes = 1_000_000;

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'Counting the lines of files that git does not know holds none of them.',
  inputBytes: [10_000_000, 50_000_000],
  slope: 0.1,
  prepare({ folder: root }, bytes) {
    makeRepository(root, { committed: { 'README.md': '# Bench\n' } });
    const text = Buffer.alloc(fileBytes, `${'text '.repeat(200)}\n`);
    for (let at = 0; at < bytes / fileBytes; at += 1) writeFileSync(join(root, `${at}.txt`), text);
    return Promise.resolve(root);
  },
  async consume(context, root) {
    const { result } = await countGate(context, 'diff-budget', { root });
    if (result.facts.added === 0) throw new Error('Expected lines to be counted');
  },
};
