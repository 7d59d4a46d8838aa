import { readFileSync } from 'node:fs';

const chunkBytes = 64 * 1024;

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Taking secrets out of 1 MB of output takes no more time than before.',
  async prepare({ load, data }) {
    const { createRedactor } = await load('@codex-orchestrator/redact');
    const environment = { A_TOKEN: 'Zk3kd9s-Qpw81', B_PASSWORD: 'correct-horse-battery' };
    const bytes = readFileSync((await data.output({ bytes: 1_000_000 })).path);
    return { redactor: createRedactor({ environment }), bytes };
  },
  run({ redactor, bytes }) {
    const stream = redactor.openStream();
    let shown = 0;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      shown += stream.push(bytes.subarray(at, at + chunkBytes)).length;
    }
    shown += stream.flush().length;
    return { shown, ...stream.counts };
  },
};
