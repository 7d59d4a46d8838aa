import { read } from './environment-variable.js';
import type { EnvironmentVariable } from './environment-variable.js';

/** Those of numbers are strings here: the agent loop reads them with words for "no limit" among them. */
export function agentLoopVariables(): EnvironmentVariable[] {
  return [
    ...read('string', [
      ['RLM_GOAL', '', 'Goal of an agent loop'],
      [
        'RLM_VALIDATOR',
        '`auto`',
        'Command that judges each iteration; `auto` finds one, with `none` nobody judges',
      ],
      [
        'RLM_AGENT',
        'the first that is installed',
        '`codex`, `claude`, `gemini`, `qwen`, `opencode` or `command`',
      ],
      [
        'RLM_AGENT_COMMAND',
        '',
        'Line for the shell that calls an agent, which is then `command`; `{prompt_file}` stands for the path of the prompt',
      ],
      ['RLM_AGENT_ARGS', '', 'Further arguments of the agent: a JSON list, or words'],
      ['RLM_ROLES', '`single`', '`single`, or `triad` for a planner, a worker and a critic'],
      ['RLM_ISOLATION', '`none`', '`none`, or `worktree` to work in a git worktree'],
      [
        'RLM_ON_TAMPER',
        '`report`; `refuse` where the configuration names protected files',
        '`report` or `refuse` a change to a protected file',
      ],
      [
        'RLM_MAX_ITERATIONS',
        '88',
        'Iterations of an agent loop; 0, `unlimited`, `unbounded`, `infinite`, `infinity`: no limit',
      ],
      ['RLM_MAX_MINUTES', '2880', 'Minutes of an agent loop; 0: no limit'],
      ['RLM_TURN_TIMEOUT_MS', '3600000', 'Longest turn of an agent; 0: no limit'],
      [
        'RLM_SILENCE_TIMEOUT_MS',
        '600000',
        'Longest time of a turn without a sign of progress; 0: no limit',
      ],
      ['RLM_VALIDATOR_TIMEOUT_MS', '1800000', 'Longest time of one validator'],
      ['RLM_MAX_COST_USD', '', 'Most that an agent loop may cost, by the account of its agent'],
      ['RLM_MAX_TOKENS', '', 'Most tokens of an agent loop, input and output together'],
      ['RLM_MAX_ERRORS', '3', 'Turns in a row that may fail'],
      ['RLM_STALL_AFTER', '3', 'Iterations in the same place after which a loop counts as stalled'],
    ]),
    ...read('boolean', [
      ['RLM_SUBAGENTS', 'no', 'The agent of the loop may use subagents'],
      ['CODEX_SUBAGENTS', 'no', 'The same as `RLM_SUBAGENTS`'],
    ]),
  ];
}
