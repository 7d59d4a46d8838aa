import { expect, test } from 'vitest';

import * as gates from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(gates).sort()).toMatchInlineSnapshot(`
    [
      "GateError",
      "addTaskEvidence",
      "gateNames",
      "listTasks",
      "newTask",
      "openGatePorts",
      "readTaskIndex",
      "runGate",
      "taskStatus",
    ]
  `);
});
