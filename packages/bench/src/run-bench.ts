import { cac } from 'cac';
import type { CAC } from 'cac';

import { BenchError, messageOf } from './errors.js';
import { exitCodes } from './results/exit-code.js';

/** Runs the gate with these arguments, without `node` and the file, and resolves to the exit code. */
export async function runBench(argv: readonly string[]): Promise<number> {
  const program = commandLine();
  try {
    program.parse(['node', 'bench', ...argv], { run: false });
    if (program.options['help'] === true) return exitCodes.fine;
    if (program.matchedCommand === undefined) return refuse(program);
    return await (program.runMatchedCommand() as Promise<number>);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return exitCodes.unusable;
  }
}

interface LocalArguments {
  readonly root?: string;
  readonly time?: number;
}

function commandLine(): CAC {
  const program = cac('bench');
  const root = ['--root <folder>', 'Folder of the workspace'] as const;
  program
    .command('exact', 'Check counts, growth and memory of a project')
    .option('--project <name>', 'Folder name of the package')
    .option('--guard <name>', 'Check this guard only, and write no results')
    .option('--from <folder>', 'Check the build in this folder')
    .option('--strict', 'Exit with 3 where something is undecided')
    .option(...root)
    .action(async (options) => (await import('./commands/exact.js')).run(options as object));
  program
    .command('time', 'Compare the processor time of a project with that of its base')
    .option('--project <name>', 'Folder name of the package')
    .option('--base <ref>', 'What to compare with, instead of where HEAD left the default branch')
    .option('--allow-missing-base', 'Exit with 0 without a base even in CI')
    .option('--seed <n>', 'Repeat the orders and intervals of an earlier run')
    .option('--strict', 'Exit with 3 where something is undecided')
    .option(...root)
    .action(async (options) => (await import('./commands/time.js')).run(options as object));
  program
    .command('self-test', 'Hold guards against builds with known defects')
    .option(...root)
    .action(async (options) => (await import('./commands/self-test.js')).run(options as object));
  program
    .command('local <guard file>', 'Measure the build at hand alone, by one guard of time')
    .option('--time <ms>', 'Least processor time of all samples together')
    .option(...root)
    .action(async (guardFile: string, { root: folder, time }: LocalArguments) => {
      const { run } = await import('./commands/local.js');
      return run({
        guardFile,
        ...(folder === undefined ? {} : { root: folder }),
        ...(time === undefined ? {} : { timeMs: time }),
      });
    });
  addReports(program, root);
  program.help();
  return program;
}

function addReports(program: CAC, root: readonly [string, string]): void {
  program
    .command(
      'report',
      'Print what was found; a guard of a project that was run has to have a result',
    )
    .option('--format <name>', 'table, markdown, json, smaller-is-better, bmf, go, junit or html')
    .option('--out <file>', 'Write there instead of to the standard output')
    .option('--project <name>', 'Of this project only; can be repeated')
    .option('--all', 'Of every project with guards, also of those that were not run')
    .option('--step-summary', 'Add the report as Markdown to the file of GITHUB_STEP_SUMMARY')
    .option('--trend', 'Add notes about numbers that stand out in the history')
    .option('--strict', 'Exit with 3 where something is undecided')
    .option(...root)
    .action(async (options) => (await import('./commands/report.js')).run(options as object));
  program
    .command('history', 'Add the results to the history of the task bench')
    .option('--project <name>', 'Of this project only; can be repeated')
    .option(...root)
    .action(async (options) => (await import('./commands/history.js')).run(options as object));
}

function refuse(program: CAC): number {
  const [command] = program.args;
  const what = command === undefined ? 'got none' : `got "${command}"`;
  process.stderr.write(`Expected a command, ${what}: see \`bench --help\`\n`);
  return exitCodes.unusable;
}

/** Of its own errors the message is enough; of others, where they come from is needed. */
function describe(error: unknown): string {
  if (error instanceof BenchError) return `${error.message} (${error.code})`;
  const ofArguments = error instanceof Error && error.name === 'CACError';
  if (ofArguments || !(error instanceof Error)) return messageOf(error);
  return error.stack ?? error.message;
}
