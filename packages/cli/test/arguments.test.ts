import { environmentVariables } from '@codex-orchestrator/core';
import { expect, test } from 'vitest';

import { agentVariables } from '../src/agent-environment.js';
import { parseArguments } from '../src/arguments/parse-arguments.js';
import { requestedFormat } from '../src/arguments/requested-format.js';
import { commandTable } from '../src/command-table.js';
import { CliError } from '../src/errors.js';

/** The request without what is undefined: `start [pipeline] {flags}`. */
function parse(...argv: string[]): string {
  const request = parseArguments(argv, commandTable);
  if (request.kind === 'version') return 'version';
  if (request.kind === 'help') return `help ${request.command?.name ?? ''}`.trim();
  if (request.kind === 'group') return `help ${request.name} <command>`;
  const { command, positionals, flags } = request;
  return `${command.name} ${JSON.stringify(positionals)} ${JSON.stringify(flags)}`;
}

function refusal(...argv: string[]): string {
  try {
    return `accepted: ${parse(...argv)}`;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'USAGE') throw error;
    return [error.message, error.hint].filter((text) => text !== undefined).join(' | ');
  }
}

test.each([
  [['start'], 'start [] {}'],
  [['start', 'five'], 'start ["five"] {}'],
  [['start', '--task', 'a', 'five'], 'start ["five"] {"task":"a"}'],
  [['start', '--task=a', 'five'], 'start ["five"] {"task":"a"}'],
  [['--task=a', 'start', 'five'], 'start ["five"] {"task":"a"}'],
  [['start', '--task', '0101'], 'start [] {"task":"0101"}'],
  [['start', '--task=1e3'], 'start [] {"task":"1e3"}'],
  [['start', '0101'], 'start ["0101"] {}'],
  [['start', '--task=a=b'], 'start [] {"task":"a=b"}'],
  [['start', '--task', '-x'], 'start [] {"task":"-x"}'],
  [['start', '--task=--x'], 'start [] {"task":"--x"}'],
  [['start', '--task', 'true'], 'start [] {"task":"true"}'],
  [['start', '--task', '__proto__'], 'start [] {"task":"__proto__"}'],
  [['start', '--keep-going', 'five'], 'start ["five"] {"keepGoing":true}'],
  [['start', '--no-interactive', 'five'], 'start ["five"] {"interactive":false}'],
  [['start', '--interactive', 'five'], 'start ["five"] {"interactive":true}'],
  [['start', '--ui'], 'start [] {"interactive":true}'],
  [['start', '--no-ui'], 'start [] {"interactive":false}'],
  [['start', '--keep-going=false'], 'start [] {"keepGoing":false}'],
  [['start', '--no-keep-going=true'], 'start [] {"keepGoing":false}'],
  [['start', '--target-stage', 'a'], 'start [] {"target":"a"}'],
  [
    ['start', '--max-parallel', '3', '--deadline=5000'],
    'start [] {"maxParallel":3,"deadline":5000}',
  ],
  [['start', '--', '--five'], 'start ["--five"] {}'],
  [['start', '--task', 'a', '--task', 'a'], 'start [] {"task":"a"}'],
  [['status', '--watch', 'X', '--interval', '5'], 'status ["X"] {"watch":true,"interval":5}'],
  [['exec', '--', 'npm', 'test', '--', '--watch'], 'exec ["npm","test","--","--watch"] {}'],
  [['exec', '--cwd', 'a', '--', '1e3', '-x', '-1'], 'exec ["1e3","-x","-1"] {"cwd":"a"}'],
  [['experience', 'add', '--gt-score', '-.5'], 'experience add [] {"gtScore":-0.5}'],
  [['experience', 'add', '--gt-score=+1.'], 'experience add [] {"gtScore":1}'],
  [['experience', 'forget', 'a', '--task=t', '1e3'], 'experience forget ["a","1e3"] {"task":"t"}'],
  [['experience', 'import', '-'], 'experience import ["-"] {}'],
  [['exec', 'npm', 'test', '--json'], 'exec ["npm","test"] {"json":"pretty"}'],
  [['exec', '--json', 'compact', 'npm'], 'exec ["npm"] {"json":"compact"}'],
  [['exec', '--json', 'npm'], 'exec ["npm"] {"json":"pretty"}'],
  [['exec', '--json=pretty', '--', 'npm'], 'exec ["npm"] {"json":"pretty"}'],
  [['exec', '--jsonl', '--', '', 'a b'], 'exec ["","a b"] {"jsonl":true}'],
  [[], 'help'],
  [['help'], 'help'],
  [['--help'], 'help'],
  [['-h'], 'help'],
  [['help', 'start'], 'help start'],
  [['start', '--help'], 'help start'],
  [['start', 'five', '-h'], 'help start'],
  [['--version'], 'version'],
  [['-v'], 'version'],
  [['version'], 'version'],
  [['metrics', 'show', '--stages'], 'metrics show [] {"stages":true}'],
  [['metrics', '--task', '0101', 'show'], 'metrics show [] {"task":"0101"}'],
  [['--dry-run', 'metrics', 'prune', '--keep=0'], 'metrics prune [] {"keep":0,"dryRun":true}'],
  [['metrics', 'baseline', 'set', '--run=1e3'], 'metrics baseline set [] {"run":"1e3"}'],
  [['metrics'], 'help metrics <command>'],
  [['metrics', 'baseline', '--help'], 'help metrics baseline <command>'],
  [['help', 'metrics', 'show'], 'help metrics show'],
])('%j means %s', (argv, meaning) => {
  expect(parse(...argv)).toBe(meaning);
});

test.each([
  [['strat'], 'Unknown command `strat` | Did you mean `start`?'],
  [['frobnicate'], 'Unknown command `frobnicate`'],
  [['help', 'strat'], 'Unknown command `strat` | Did you mean `start`?'],
  [['start', '--taks', 'a'], 'Unknown flag `--taks` | Did you mean `--task`?'],
  [['start', '--taks=a'], 'Unknown flag `--taks` | Did you mean `--task`?'],
  [['start', '--frobnicate'], 'Unknown flag `--frobnicate`'],
  [['start', '-x'], 'Unknown flag `-x`'],
  [['start', '-task', 'a'], 'Unknown flag `-task` | Did you mean `--task`?'],
  [['start', '--no-task'], 'Unknown flag `--no-task`'],
  [['start', '--keepGoing'], 'Unknown flag `--keepGoing` | Did you mean `--keep-going`?'],
  [['start', '--a.b=c'], 'Unknown flag `--a.b`'],
  [['start', '--watch'], 'Unknown flag `--watch` for `start`'],
  [['start', '--version'], 'Unknown flag `--version` for `start`'],
  [['exec', '--notify', 'http://x', '--', 'ls'], 'Unknown flag `--notify`'],
  [['exec', '--otel-endpoint=x', '--', 'ls'], 'Unknown flag `--otel-endpoint`'],
  [['exec', 'npm', 'test', '--coverage'], 'Unknown flag `--coverage`'],
  [['start', '--task'], 'Expected a value: `--task <id>`'],
  [['start', '--task='], 'Expected a value: `--task <id>`'],
  [['start', '--task', '--keep-going'], 'Expected a value: `--task <id>`'],
  [['start', '--task', 'a', '--task=b'], '`--task` was given twice, with different values'],
  [
    ['start', '--keep-going=maybe'],
    'Expected `--keep-going=maybe` to be a flag without a value, or `=true` or `=false`',
  ],
  [
    ['start', '--format', 'jsno'],
    'Expected `--format <text|agent|json|ndjson>`, got `jsno` | Did you mean `json`?',
  ],
  [
    ['start', '--max-parallel', '2x'],
    'Expected `--max-parallel <n>` to be a whole number from 1 to 1024, got `2x`',
  ],
  [
    ['experience', 'add', '--gt-score=1e9'],
    'Expected `--gt-score <x>` to be a number such as 0.5, got `1e9`',
  ],
  [
    ['start', '--max-parallel=0'],
    'Expected `--max-parallel <n>` to be a whole number from 1 to 1024, got `0`',
  ],
  [
    ['status', '--interval', '-1'],
    'Expected `--interval <seconds>` to be a whole number from 1 to 86400, got `-1`',
  ],
  [['start', 'one', 'two'], '`start` does not take the argument `two`'],
  [['metrics', 'shwo'], 'Unknown command `metrics shwo` | Did you mean `metrics show`?'],
  [['metrcs', 'show'], 'Unknown command `metrcs` | Did you mean `metrics`?'],
  [
    ['metrics', 'baseline', 'clean'],
    'Unknown command `metrics baseline clean` | Did you mean `metrics baseline clear`?',
  ],
  [['metrics', 'show', 'five'], '`metrics show` does not take the argument `five`'],
  [['metrics', 'update', '--gzip'], 'Unknown flag `--gzip` for `metrics update`'],
  [['doctor', 'now'], '`doctor` does not take the argument `now`'],
])('%j is refused: %s', (argv, reason) => {
  expect(refusal(...argv)).toBe(reason);
});

test('a flag means the same kind of thing in every command, so that it can stand before the command', () => {
  const shapes = new Map<string, string>();
  for (const [name, flag] of commandTable.flatMap(({ flags }) => Object.entries(flags))) {
    const shape = flag.kind === 'choice' ? `choice ${flag.bare ?? ''}` : flag.kind;
    expect(`${name}: ${shapes.get(name) ?? shape}`).toBe(`${name}: ${shape}`);
    shapes.set(name, shape);
  }
});

test.each([
  [['start', '--format', 'json', '--nonsense'], 'json'],
  [['start', '--format=ndjson'], 'ndjson'],
  [['start', '--format', 'agent'], 'agent'],
  [['start', '--format', 'yaml'], 'text'],
  [['exec', '--json', '--', 'ls'], 'json'],
  [['exec', '--jsonl', '--', 'ls'], 'ndjson'],
  [['exec', '--', 'ls', '--format', 'json'], 'text'],
  [['start', '--json'], 'text'],
])('the format of %j is %s even when the arguments are wrong', (argv, format) => {
  expect(requestedFormat(argv, {})).toBe(format);
});

test.each(agentVariables)('%s makes the format that of agents, unless one is asked for', (name) => {
  const env = { [name]: '1' };
  expect(requestedFormat(['start'], env)).toBe('agent');
  expect(requestedFormat(['exec', '--', 'ls', '--format', 'json'], env)).toBe('agent');
  expect(requestedFormat(['start', '--format', 'text'], env)).toBe('text');
  expect(requestedFormat(['start', '--format=ndjson'], env)).toBe('ndjson');
  expect(requestedFormat(['exec', '--json', '--', 'ls'], env)).toBe('json');
  expect(requestedFormat(['start'], { [name]: '0' })).toBe('text');
  expect(requestedFormat(['start'], { [name]: '' })).toBe('text');
});

test('every variable of an agent is in the documentation', () => {
  const documented = new Set(environmentVariables.map(({ name }) => name));
  expect(agentVariables.filter((name) => !documented.has(name))).toStrictEqual([]);
});
