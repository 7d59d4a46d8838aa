import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call } from './call.js';

async function help(...argv: string[]): Promise<string> {
  await using rig = await createRig();
  const { exitCode, stdout, stderr } = await call(argv, { cwd: rig.root });
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

test('the help names every command and every exit code', async () => {
  expect(await help('--help')).toMatchInlineSnapshot(`
    "codex-orchestrator: runs pipelines for coding agents and CI and leaves a run record that stays true

    Usage: codex-orchestrator <command> [arguments] [flags]

    Commands:
      start [pipeline]        Run a pipeline and wait for its verdict
      rlm [...goal]           Have an agent work on a goal until its validators pass
      plan [pipeline]         Show the stages of a pipeline; runs and writes nothing
      status [run]            Show what a run did, or does
      runs                    List runs, newest first
      latest                  Print run id, status and manifest of the newest run on one line
      show [run]              Show a run to a reviewer: verdict, history, stages, evidence
      logs [run]              Print what a stage printed, byte for byte
      wait [run]              Wait until a run is over; answers and exits as its start would have
      attach [run]            Show a run from its beginning and follow it to its end
      cancel [run]            Have the owner of a run end it; answers when the record is sealed
      resume [run]            Go on with a run that is over and did not succeed, where it ended
      retry [run]             Run a run that did not succeed again, as a further attempt of it
      recover [run]           Seal runs that ended without their owner; exits 1 when a record is damaged
      verify [run]            Check that records are as they were written; exits 1 when one is not
      exec [...command]       Run one command as a recorded run; exits with its exit code
      gate <command>          Gates: checks of the repository, before a change goes on
      task <command>          Documents of a task: PRD, specification, action plan, checklist, evidence
      report [run]            Write a run as a page: verdict, timeline, trend, verification
      compare                 Compare runs before and after a change, and say whether the difference is one
      evidence <command>      Numbers before and after a change: runs that are recorded, compared and checked
      metrics <command>       How often runs succeed and how long they take, counted run by run
      experience <command>    What earlier runs taught, and what of it the next run is given
      packs <command>         Prompt packs: the texts that a run is given, and a stamp that proves them
      instructions <command>  Instruction files (AGENTS.md) and the stamp in their first line
      init                    Write a codex.orchestrator.json of the built-in pipelines, to edit
      doctor                  Check what runs need here; exits 1 when something makes them impossible
      self-check              Show that the program starts: name, version, Node

    Flags of a command: codex-orchestrator <command> --help. Version: --version.
    --key=value and --key value mean the same.

    Exit codes:
        0  succeeded
        1  a stage failed, or the answer is no
        2  wrong arguments, environment or configuration, nothing ran; of a gate: no verdict
        3  the machine refused: no permission, no space, no such folder
       70  a defect of this program
       75  the run ended without its owner; resume it
      124  timed out: the run exceeded its deadline
      129  cancelled by SIGHUP
      130  cancelled by SIGINT, or without a signal
      143  cancelled by SIGTERM
    A run that fails at its agent loop exits with the code of the verdict: codex-orchestrator rlm --help.
    "
  `);
  expect(await help()).toBe(await help('--help'));
});

test('a command explains its flags', async () => {
  expect(await help('start', '--help')).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator start [pipeline] [flags]

    Run a pipeline and wait for its verdict
    Without a name: defaultPipeline of codex.orchestrator.json, else \`diagnostics\`.
    Built in, where the configuration has none of the name: \`diagnostics\`, \`docs-review\`,
    \`implementation-gate\` and \`docs-relevance-advisory\`, which run gates and the build, lint and test
    commands that are found here, and \`rlm\`, an agent loop, which takes the flags of the command \`rlm\`.
    INT, TERM or HUP cancels: stages get TERM, then KILL; a second signal kills at once.

    Flags:
      --task <id>                        Task that the run belongs to (else MCP_RUNNER_TASK_ID, else the folder name)
      --format <text|agent|json|ndjson>  agent: text in a kilobyte (default for coding agents); json: one value; ndjson: events, the verdict last
      --keep-going                       After a failure, still run the stages that do not depend on it
      --max-parallel <n>                 Most stages at a time where stages declare \`needs\` (else the config, else cores)
      --deadline <ms>                    Longest time for the whole run, in milliseconds (else deadlineMs of the config)
      --interactive, --ui                Live progress line, also under CI; --no-interactive: plain lines, no prompts
      --contain                          Run stages where nothing of them outlives this process (Linux; default for agent loops)
      --detach                           Answer once the run is recorded; it goes on without this process
      --target <stage>, --target-stage   Stage that the run is about: recorded as plan_target_id, every stage still runs
      --tag <name[,name...]>             Names to find the run by later, beside those of CODEX_ORCHESTRATOR_TAGS
      --parent-run <run>                 Run that started this one
      --approval-policy <policy>         Recorded in the manifest as approval_policy
      --goal <text>                      What the agent is to reach (else RLM_GOAL, else the config)
      --validator <command>              Command that judges each iteration; auto: find one (default); none: nobody judges
      --agent <name>                     codex, claude, gemini, qwen, opencode or command (default: the first that is installed)
      --roles <single|triad>             triad: a planner, a worker and a critic in each iteration (default single)
      --isolation <none|worktree>        worktree: work in a git worktree, the result is a branch (default none)
      --max-iterations <n>               Most iterations; 0 or unlimited: no limit (default 88)
      --max-minutes <n>                  Most minutes of the whole loop; 0: no limit (default 2880)
      --max-cost-usd <usd>               Most that the agent may cost by its own account (default: no limit)
      --max-tokens <n>                   Most tokens, of input and output together (default: no limit)
      -h, --help                         Show this help
    "
  `);
  expect(await help('help', 'start')).toBe(await help('start', '--help'));
});

test('exec shows where the command begins', async () => {
  expect(await help('exec', '-h')).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator exec [flags] -- <command...>

    Run one command as a recorded run; exits with its exit code
    Put \`--\` before the command: flags before it belong to exec, all after it to the command.
    Without a format flag: the output itself on a terminal, --jsonl elsewhere.

    Flags:
      --cwd <path>                       Folder to run in (default: the root)
      --task <id>                        Task that the run belongs to (else MCP_RUNNER_TASK_ID, else the folder name)
      --json [compact|pretty]            Only the run:summary, as one JSON value
      --jsonl                            exec:* events, then run:summary, one per line
      --format <text|agent|json|ndjson>  agent: text in a kilobyte (default for coding agents); json: one value; ndjson: events, the verdict last
      -h, --help                         Show this help
    "
  `);
});

test.each([
  'plan',
  'status',
  'runs',
  'latest',
  'show',
  'logs',
  'wait',
  'attach',
  'cancel',
  'init',
  'doctor',
  'self-check',
  'report',
  'compare',
  'evidence baseline',
  'evidence post',
  'evidence report',
  'metrics show',
  'metrics update',
  'metrics rebuild',
  'metrics rotate',
  'metrics prune',
  'metrics export',
  'metrics doctor',
  'metrics baseline show',
  'metrics baseline set',
  'metrics baseline clear',
  'experience list',
  'experience top',
  'experience explain',
  'experience add',
  'experience audit',
  'experience gc',
  'experience forget',
  'experience pin',
  'experience unpin',
  'experience export',
  'experience import',
  'packs list',
  'packs check',
  'packs stamp',
  'instructions check',
  'instructions stamp',
])('%s has help', async (name) => {
  const shown = await help(...name.split(' '), '--help');
  expect(shown).toContain(`Usage: codex-orchestrator ${name} `);
  expect(shown).toBe(await help('help', ...name.split(' ')));
});

test('a group of commands lists them', async () => {
  const shown = await help('metrics', '--help');
  expect(shown).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator metrics <command> [flags]

    How often runs succeed and how long they take, counted run by run
    Each task has a history with a line for every finished run; what is shown is counted from it.
    Runs are counted when they end: update, rebuild and doctor are for histories that others wrote to.

    Commands:
      metrics show            Show success rate, duration and trend of each pipeline
      metrics update          Count what is new in the history, and say what that was
      metrics rebuild         Count the whole history anew
      metrics rotate          Begin a new file of history; the older ones still count
      metrics prune           Shorten old files of history to what counting needs
      metrics export          Print the entries of the history, or the totals for Prometheus
      metrics doctor          Check history and counts; exits 1 when something needs a repair
      metrics baseline show   Show the run that others are compared with, and who chose it
      metrics baseline set    Compare later runs with this one
      metrics baseline clear  Forget the run that was set: the first one of the history counts again

    Flags of a command: codex-orchestrator metrics <command> --help
    "
  `);
  expect(await help('metrics')).toBe(shown);
  expect(await help('help', 'metrics')).toBe(shown);
  expect(await help('metrics', 'baseline')).toMatch(/\n {2}metrics baseline clear {2}/);
});

test('flags of an export', async () => {
  expect(await help('metrics', 'export', '--help')).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator metrics export [flags]

    Print the entries of the history, or the totals for Prometheus
    Entries come in the order of the history, one at a time: any number of them fits in memory.
    An attempt that was recorded twice is printed twice.

    Flags:
      --task <id>                                                  Task whose runs are meant (else MCP_RUNNER_TASK_ID, else the folder name)
      --since <time>                                               Only entries recorded then or later: 2026-01-31 or 2026-01-31T12:00:00Z
      --pipeline <id>                                              Only the runs of this pipeline
      --status <succeeded|failed|cancelled|timed_out|interrupted>  Only runs that ended so
      --format <ndjson|json|csv|prometheus>                        ndjson: an entry per line and nothing else (default); json: one value; prometheus: the totals
      -h, --help                                                   Show this help
    "
  `);
});

test('flags of a look-up and of an addition', async () => {
  expect(await help('experience', 'top', '--help')).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator experience top [flags]

    Print the best experiences of a domain, as a run is given them
    As text: the lines that are put in front of an agent, and nothing else.
    Answered from an index: it costs the same however long the log is.

    Flags:
      --domain <domain>                   Domain (required)
      --limit <n>                         At most this many (default 3)
      --min-reward <x>                    Least reward (competitive: else TFGRPO_EXPERIENCE_MIN_REWARD, else 0.1)
      --policy <top|competitive|diverse>  top: by reward (default); competitive: less from one source; diverse: also by use, age, and unlike each other
      --max-tokens <n>                    At most this many tokens, estimated, in all lines together
      --task <id>                         Task whose experiences are meant (else MCP_RUNNER_TASK_ID, else the folder name)
      --all-tasks                         The experiences of all tasks
      --format <text|agent|json>          json: one JSON value on stdout and nothing else; agent: as text
      -h, --help                          Show this help
    "
  `);
  expect(await help('experience', 'add', '--help')).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator experience add [flags]

    Add a lesson of a run
    The run has to be there: its manifest is cited with the digest that it has.
    Refused when it says nothing, says what is known already, or has secrets in it.

    Flags:
      --domain <domain>             Domain (required)
      --summary <text>              The lesson; 32 words of it are kept
      --summary-file <file>         The same from a file; - is standard input
      --run <id|latest>             Run that it comes from (required)
      --outcome <succeeded|failed>  How the run went, where the record says otherwise or nothing
      --gt-score <x>                Reward by what is right (default: 1 for a run that succeeded, else 0)
      --relative-rank <y>           Reward against comparable runs (default 0)
      --stage <id>                  Stage of the run that it is about
      --source <who>                Who says it (default cli)
      --force                       Add it even where it says little or what is known; never secrets
      --task <id>                   Task whose experiences are meant (else MCP_RUNNER_TASK_ID, else the folder name)
      --format <text|agent|json>    json: one JSON value on stdout and nothing else; agent: as text
      -h, --help                    Show this help
    "
  `);
  expect(await help('packs', 'stamp', '--help')).toMatchInlineSnapshot(`
    "Usage: codex-orchestrator packs stamp [...id] [flags]

    Write the stamp of prompt packs anew after their texts were changed

    Flags:
      --all                       Every prompt pack
      --dry-run                   Only say what would be written
      --format <text|agent|json>  json: one JSON value on stdout and nothing else; agent: as text
      -h, --help                  Show this help
    "
  `);
});
