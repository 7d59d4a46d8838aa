import type { TestProject } from 'vitest/node';

import { setUpIn } from './set-up-test-folder.js';
import { cheapestParent } from './test-folder.js';

/** For Vitest: the temp folders of these tests are in memory where that is possible. */
export function setup(project: TestProject): () => void {
  return setUpIn(cheapestParent(), project);
}
