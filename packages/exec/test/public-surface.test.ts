import { expect, test } from 'vitest';

import * as exec from '../src/index.js';

test('the package exports exactly these values', () => {
  expect(Object.keys(exec).sort()).toMatchInlineSnapshot(`
    [
      "ExecError",
      "cleanGitEnvironment",
      "createGit",
      "endLeftovers",
      "exitCodeOf",
      "findLeftovers",
      "listProcessIds",
      "openContainment",
      "openGroupGuard",
      "probeContainment",
      "quoteArgv",
      "runCommand",
    ]
  `);
});
