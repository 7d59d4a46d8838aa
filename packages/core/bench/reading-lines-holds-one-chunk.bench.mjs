/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'Reading lines holds a chunk and a line, not the file.',
  inputBytes: [15_000_000, 60_000_000],
  slope: 0.3,
  async prepare({ data }, bytes) {
    return (await data.output({ bytes })).path;
  },
  async consume({ load }, path) {
    const { visitLines } = await load('@codex-orchestrator/core');
    let characters = 0;
    await visitLines(path, ({ text }) => void (characters += text.length));
    if (characters === 0) throw new Error('Expected lines, there were none');
  },
};
