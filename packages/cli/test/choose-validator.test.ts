import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { chooseValidator } from '../src/rlm/choose-validator.js';

const two = {
  kind: 'ambiguous',
  candidates: [
    { command: 'npm test', reason: 'package-lock.json' },
    { command: 'cargo test', reason: 'Cargo.toml' },
  ],
} as const;

type Pieces = () => AsyncIterable<Uint8Array>;

async function* typed(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

function ask(pieces: Pieces, isAttended = true) {
  const said: string[] = [];
  const clock = createManualClock();
  let closed = 0;
  const io = {
    clock,
    stderr: {
      isTTY: true,
      columns: () => 80,
      write: (text: string | Uint8Array) => void said.push(String(text)),
    },
    stdin: {
      isTTY: true,
      read: pieces,
      close: () => {
        closed += 1;
      },
    },
  };
  const chosen = chooseValidator(two, isAttended, io);
  return { chosen, clock, text: () => said.join(''), closed: () => closed };
}

test('somebody who is there chooses by number', async () => {
  const { chosen, text, closed } = ask(() => typed('2', '\nmore'));
  expect(await chosen).toBe('cargo test');
  expect(closed()).toBe(1);
  expect(text()).toMatchInlineSnapshot(`
    "codex-orchestrator: several commands could judge the work of the agent:
    codex-orchestrator:   1. npm test  (package-lock.json)
    codex-orchestrator:   2. cargo test  (Cargo.toml)
    Which one judges? [1-2, Enter for none of them] "
  `);
});

test.each(['', '\n', '0\n', '3\n', 'npm test\n', '1'])(
  'the answer %j chooses nothing, and how to choose is said',
  async (answer) => {
    const { chosen, text } = ask(() => typed(answer));
    expect(await chosen).toBeUndefined();
    expect(text()).toContain("choose with --validator 'npm test' or with RLM_VALIDATOR");
  },
);

test('nobody is waited for longer than a minute', async () => {
  const never: Pieces = () => ({
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
  });
  const { chosen, clock, closed } = ask(never);
  await clock.advance(60_000);
  expect(await chosen).toBeUndefined();
  expect(closed()).toBe(1);
});

test('where nobody is there, nobody is asked', async () => {
  const { chosen, text, closed } = ask(() => {
    throw new Error('Expected nobody to read');
  }, false);
  expect(await chosen).toBeUndefined();
  expect(text()).not.toContain('Which one');
  expect(text()).toContain('1. npm test  (package-lock.json)');
  expect(closed()).toBe(0);
});
