import { readFileSync } from 'node:fs';

const chunkBytes = 64 * 1024;
const pieceBytes = 1_000_000;

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'Filtering a stream holds what may be the start of a secret, not the output.',
  inputBytes: [20_000_000, 60_000_000],
  slope: 0.3,
  async prepare({ data }, bytes) {
    const { path } = await data.output({ bytes: pieceBytes });
    return { path, times: bytes / pieceBytes };
  },
  async consume({ load }, { path, times }) {
    const { createRedactor } = await load('@codex-orchestrator/redact');
    const stream = createRedactor({ environment: { A_TOKEN: 'Zk3kd9s-Qpw81' } }).openStream();
    const piece = readFileSync(path);
    let shown = 0;
    for (let time = 0; time < times; time += 1) {
      for (let at = 0; at < piece.length; at += chunkBytes) {
        shown += stream.push(piece.subarray(at, at + chunkBytes)).length;
      }
    }
    shown += stream.flush().length;
    if (shown === 0) throw new Error('Expected output, there was none');
  },
};
