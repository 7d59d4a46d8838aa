import type { RandomSource } from '@codex-orchestrator/core';

import { DomainMarks } from './header.js';
import type { IndexHeader } from './header.js';

/** Of an index that is built from nothing. */
export function newHeader({ random }: { random: RandomSource }, complete: boolean): IndexHeader {
  const generation = Buffer.from(random.bytes(8)).toString('hex');
  const domains = DomainMarks.of(new Map());
  return { generation, sequence: 0, covered: 0, fingerprint: '', complete, domains };
}
