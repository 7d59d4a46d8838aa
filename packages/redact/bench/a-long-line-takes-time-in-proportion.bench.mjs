const chunkBytes = 64 * 1024;
/** What is never finished: a value that may go on, a key that never ends, words that begin a secret. */
const piece = 'token token= "-----BEGIN RSA PRIVATE KEY " sk-ant- https://user: ';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise:
    'A line without an end, full of what may be a secret, takes time in proportion to its length.',
  cost: 'cpu',
  sizes: [30_000, 100_000, 300_000],
  exponent: 1,
  async prepare({ load }, size) {
    const { createRedactor } = await load('@codex-orchestrator/redact');
    const bytes = Buffer.from(piece.repeat(Math.ceil(size / piece.length)));
    return { redactor: createRedactor({ environment: { A_TOKEN: 'Zk3kd9s-Qpw81' } }), bytes };
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
