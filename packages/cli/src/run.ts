import { Answer } from './answer.js';
import { parseArguments } from './arguments/parse-arguments.js';
import type { Request } from './arguments/parse-arguments.js';
import { requestedFormat } from './arguments/requested-format.js';
import type { Format } from './command.js';
import { commandGroups, commandTable } from './command-table.js';
import { describeError } from './describe-error.js';
import type { DescribedError } from './describe-error.js';
import { exitCodes } from './exit-codes.js';
import { guardOutput } from './github/guard-output.js';
import { decideColors } from './interactivity.js';
import type { Io } from './io.js';
import { renderError } from './render/error.js';
import { renderCommandHelp, renderGroupHelp, renderHelp } from './render/help.js';
import { version } from './version.js';

/**
 * Runs the program with these arguments (without `node` and the file) and resolves to the exit code;
 * it never rejects. This is the one place where an error becomes text, JSON and an exit code.
 */
export async function run(argv: readonly string[], processIo: Io): Promise<number> {
  const io = guardOutput(processIo);
  const answer = new Answer(io.stdout, requestedFormat(argv, io.env), () =>
    decideColors(io.stdout, io.env),
  );
  const { format } = answer;
  try {
    return await perform(parseArguments(argv, commandTable), { io, format, answer });
  } catch (error) {
    return await reportError(error, { io, format, answer });
  }
}

interface Call {
  readonly io: Io;
  readonly format: Format;
  readonly answer: Answer;
}

async function perform(request: Request, call: Call): Promise<number> {
  switch (request.kind) {
    case 'version':
      call.io.stdout.write(`${version}\n`);
      return exitCodes.succeeded.code;
    case 'group':
    case 'help':
      call.io.stdout.write(`${helpLines(request).join('\n')}\n`);
      return exitCodes.succeeded.code;
    case 'command': {
      const runCommand = await request.command.load();
      return runCommand(request, call);
    }
  }
}

function helpLines(request: Extract<Request, { readonly kind: 'group' | 'help' }>): string[] {
  if (request.kind === 'group') return renderGroupHelp(request.name, commandTable, commandGroups);
  const { command } = request;
  return command === undefined
    ? renderHelp(commandTable, commandGroups)
    : renderCommandHelp(command);
}

/** An error may quote what it was about: a command, a configuration, an environment. */
async function describeWithoutSecrets(error: unknown, { env }: Io): Promise<DescribedError> {
  const { redactorFor } = await import('./privacy.js');
  return redactorFor(env).json(describeError(error));
}

async function reportError(error: unknown, { io, format, answer }: Call): Promise<number> {
  const described = await describeWithoutSecrets(error, io);
  const { exitCode, ...fields } = described;
  try {
    io.stderr.write(`${renderError(described).join('\n')}\n`);
    if (format === 'text' || answer.given) return exitCode;
    const verdict = format === 'ndjson' ? { type: 'verdict' } : {};
    answer.give({ ...verdict, error: fields, exit_code: exitCode }, () => []);
    return exitCode;
  } catch {
    // Nobody can be told: stdout or stderr cannot be written, on a full disk for instance.
    return exitCode;
  }
}
