import { describe, expect, test } from 'vitest';

import { asksPerson } from '../../src/decide/asks-person.js';

const still = { changed: false };

describe('a line that says so', () => {
  test.each([
    ['I looked around.\nblocked: which region should it use?', 'which region should it use?'],
    ['BLOCKED: I have no credentials for the registry', 'I have no credentials for the registry'],
    ['**Blocked:** do you want v1 or v2?\n', 'do you want v1 or v2?'],
    ['- blocked : the licence is unclear', 'the licence is unclear'],
    ['blocked: first\nblocked: second', 'second'],
    ['blocked: which?\nsummary: looked', 'which?'],
  ])('%j', (message, question) => {
    expect(asksPerson(message, still)).toBe(question);
    expect(asksPerson(message, { changed: true })).toBe(question);
  });

  test.each([
    'blocked: none',
    'Blocked: no.',
    'blocked: N/A',
    'blocked: nothing at the moment',
    'blocked: <question>',
    'blocked:',
    'The build was blocked: a lock was held, which I removed.',
    'unblocked: the parser works',
    '```\nblocked: example of a log\n```\nDone.',
    'I added the status `blocked: yes` to the table.',
  ])('is not %j', (message) => {
    expect(asksPerson(message, still)).toBeUndefined();
  });

  test('is cut where it is long', () => {
    expect(asksPerson(`blocked: ${'x'.repeat(9000)}`, still)).toHaveLength(500);
  });
});

describe('a question to somebody', () => {
  test.each([
    'Would you like me to migrate the other modules as well?',
    'There are two ways. Which approach would you prefer?',
    'Which of these do you want?\n1. Rewrite\n2. Patch\n\nWhich one should I take?',
    'I can see the failing test. Do you want me to change the expected value?',
    'Should I proceed with deleting the old migration?',
    'Shall we keep the public signature?',
    'The schema is ambiguous. Could you clarify which column is the key?',
    'Can you provide the API key for the staging server?',
    'Before I go on: is it okay to drop support for Node 18?',
    'What would you like me to do next?',
    'I have a plan ready. May I continue?',
    'Please confirm that I may delete the table.',
    "I'm waiting for your decision on the licence.",
    "I'll wait for your approval before changing anything.",
    'I need your permission to edit files outside of the workspace.',
    'I cannot proceed without your confirmation.',
    'Done so far.\n\n**How would you like to handle this?**',
    'Should I use tabs?\nsummary: asked about tabs',
  ])('%j', (message) => {
    expect(asksPerson(message, still)).toBeDefined();
    expect(asksPerson(message, { changed: true })).toBeUndefined();
  });

  test.each([
    null,
    '',
    '   \n',
    'Why did this fail? Because the index was off by one. I fixed it.',
    'Let me know if you have any questions.',
    'Let me know if you would like me to do anything else!',
    'I fixed the bug. Is there anything else?',
    'Anything else I can help with?',
    'If you want, I can also add tests.',
    'Feel free to ask if something is unclear.',
    'Could it be a race? I checked, and it is not.',
    'What went wrong here?',
    'Who knew that commas matter?',
    'So why is the cache cold?',
    'The regular expression is now `/colou?r/`.',
    'I replaced `a ? b : c` by an if statement.',
    '```ts\nreturn shouldI ? 1 : 2;\n// should I do this?\n```',
    'All 12 tests pass now. Should you need more, run `npm test -- --all`.',
    'Please note that the cache is now off.',
    'Please confirm with `npm test`. It passes here.',
    'summary: fixed the parser',
  ])('is not %j', (message) => {
    expect(asksPerson(message, still)).toBeUndefined();
  });
});

test('a message of any size is read in no time', () => {
  const hostile = [
    'blocked'.repeat(50_000),
    '* '.repeat(100_000),
    '?! '.repeat(100_000),
    '`'.repeat(300_000),
  ];
  for (const message of hostile) expect(asksPerson(message, still)).toBeUndefined();
}, 5000);
