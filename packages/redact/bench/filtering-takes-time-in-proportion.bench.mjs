import { readFileSync } from 'node:fs';

const chunkBytes = 64 * 1024;

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Taking secrets out of output takes time in proportion to its length.',
  cost: 'cpu',
  sizes: [500_000, 1_500_000, 5_000_000],
  exponent: 1,
  async prepare({ load, data }, size) {
    const { createRedactor } = await load('@codex-orchestrator/redact');
    const environment = { A_TOKEN: 'Zk3kd9s-Qpw81', B_PASSWORD: 'correct-horse-battery' };
    const bytes = readFileSync((await data.output({ bytes: size })).path);
    return { redactor: createRedactor({ environment }), bytes };
  },
  measure({ redactor, bytes }) {
    const stream = redactor.openStream();
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      stream.push(bytes.subarray(at, at + chunkBytes));
    }
    stream.flush();
    return undefined;
  },
};
