/**
 * A stage that writes pieces as its plan says, each in a call of its own, and only once the runner has
 * read the one before: `node write-in-pieces.mjs <plan.json>`.
 *
 * The runner's `rchar` (proc(5)) tells how much it has read. It reads other things as well, so now and
 * then two pieces may reach it as one; what matters is that nearly all come alone.
 */
import { readFileSync, writeSync } from 'node:fs';

/** @typedef {{ stream: 1 | 2, text: string }} Piece `text` is in base64. */

const patienceMs = 2000;
const cell = new Int32Array(new SharedArrayBuffer(4));

/** @type {{ pieces: Piece[], exitCode: number }} */
const { pieces, exitCode } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const { stream, text } of pieces) {
  const bytes = Buffer.from(text, 'base64');
  const before = bytesRead();
  writeSync(stream, bytes);
  awaitReader(before + bytes.length);
}
process.exitCode = exitCode;

/** @param {number} least */
function awaitReader(least) {
  const deadline = performance.now() + patienceMs;
  while (bytesRead() < least) {
    if (performance.now() > deadline) throw new Error('The runner does not read');
    Atomics.wait(cell, 0, 0, 0.2);
  }
}

function bytesRead() {
  return Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${process.ppid}/io`, 'utf8'))?.[1]);
}
