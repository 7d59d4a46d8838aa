/**
 * Counts up in a file, as something that an agent left behind and that still writes. Ends by itself when
 * the folder is gone, and after some minutes whatever happens.
 */
import { writeFileSync } from 'node:fs';

const intervalMs = 20;
const maxLifeMs = 5 * 60_000;
const [path = ''] = process.argv.slice(2);

let beats = 0;
function beat() {
  try {
    writeFileSync(path, `${process.pid} ${++beats}\n`);
  } catch {
    process.exit();
  }
}

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => undefined);
beat();
setInterval(beat, intervalMs);
setTimeout(() => process.exit(), maxLifeMs);
