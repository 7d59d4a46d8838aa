import { rmSync } from 'node:fs';

import type { TestProject } from 'vitest/node';

import { openTestFolder } from './test-folder.js';

/** Makes a test folder for one project; returns what removes it. Bundles last until a source changes. */
export function setUpIn(parent: string, project: TestProject): () => void {
  const folder = openTestFolder(parent);
  project.onTestsRerun(() => {
    rmSync(folder.bundlesFolder, { recursive: true, force: true });
  });
  return () => {
    folder[Symbol.dispose]();
  };
}
