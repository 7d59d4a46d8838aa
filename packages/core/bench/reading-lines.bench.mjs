/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Reading the lines of 4 MB of output takes no more time than before.',
  async prepare({ load, data }) {
    const { visitLines } = await load('@codex-orchestrator/core');
    const { path } = await data.output({ bytes: 4_000_000 });
    return { visitLines, path };
  },
  async run({ visitLines, path }) {
    let characters = 0;
    const { lines, bytesRead } = await visitLines(path, ({ text }) => {
      characters += text.length;
    });
    return { lines, bytesRead, characters };
  },
};
