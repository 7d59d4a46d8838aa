const commands = 4;

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Running four commands that do nothing takes no more time than before.',
  async prepare({ load }) {
    const { runCommand } = await load('@codex-orchestrator/exec');
    return { runCommand };
  },
  async run({ runCommand }) {
    const outcomes = [];
    for (let at = 0; at < commands; at += 1) outcomes.push((await runCommand('true')).outcome);
    return outcomes;
  },
};
