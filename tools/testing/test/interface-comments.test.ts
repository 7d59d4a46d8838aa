import { pathToFileURL } from 'node:url';

import { expect, test } from 'vitest';

import { createRig } from '../src/index.js';
import { InterfaceComments } from '../src/interface-comments.js';

test('comments of interfaces go to the schemas of what they describe', async () => {
  await using rig = await createRig();
  await rig.write({
    'base.ts': 'export interface Named {\n  /** What it is\n   * called. */\n  name: string;\n}',
    'all.ts': `
      /** One of them. */
      export interface Whole extends Named {
        /** What it is made of. */
        parts: readonly Part[];
        part: Part | null;
        bare: string;
      }
      interface Part {
        /** How much. */
        amount: number;
      }
    `,
  });
  const comments = new InterfaceComments(
    ['base.ts', 'all.ts'].map((name) => pathToFileURL(rig.path(name))),
  );
  const part = (): object => ({ properties: { amount: {} } });
  const schema = {
    properties: {
      name: {},
      parts: { items: part() },
      part: { anyOf: [part(), {}] },
      bare: {},
      other: true,
    },
  };
  comments.describe(schema, 'Whole');
  const described = { properties: { amount: { description: 'How much.' } } };
  expect(schema).toEqual({
    description: 'One of them.',
    properties: {
      name: { description: 'What it is called.' },
      parts: { description: 'What it is made of.', items: described },
      part: { anyOf: [described, {}] },
      bare: {},
      other: true,
    },
  });
});
