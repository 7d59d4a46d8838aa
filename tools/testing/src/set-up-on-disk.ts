import { tmpdir } from 'node:os';

import type { TestProject } from 'vitest/node';

import { setUpIn } from './set-up-test-folder.js';

/** For Vitest: the temp folders of these tests are where the system has its own, most often on a disk. */
export function setup(project: TestProject): () => void {
  return setUpIn(tmpdir(), project);
}
