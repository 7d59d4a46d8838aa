// One process that keeps a machine busy in changing ways, for proofs under load: it idles, computes, copies
// memory or writes files, each for 0.1 to 8 seconds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'bench-load-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
// Whoever started it may be killed: it does not stay behind.
process.on('disconnect', () => process.exit(0));

const source = Buffer.alloc(32 * 1024 * 1024, 1);
const target = Buffer.alloc(source.length);
const phases = [
  () => new Promise((resolve) => setTimeout(resolve, 20)),
  () => {
    let sum = 0;
    for (let value = 0; value < 5_000_000; value += 1) sum += Math.sqrt(value);
    return sum;
  },
  () => source.copy(target),
  () => {
    const path = join(folder, 'file');
    writeFileSync(path, source.subarray(0, 4 * 1024 * 1024));
    return readFileSync(path).length;
  },
];

for (;;) {
  const phase = phases[Math.floor(Math.random() * phases.length)];
  const untilMs = Date.now() + 100 * 80 ** Math.random();
  while (Date.now() < untilMs) {
    await phase();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
