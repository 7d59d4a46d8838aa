import type { CommandResult } from './command-result.js';
import { runCommand } from './run-command.js';

export interface GitCall {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 60000 */
  readonly timeoutMs?: number;
  /** Told of each piece of the standard output. */
  readonly onOutput?: (bytes: Buffer) => void;
  /** Ends this call alone. */
  readonly signal?: AbortSignal;
}

export interface GitAnswer {
  /** As a shell would tell it: 127 without a git, 124 after too long, 130 when it was cancelled. */
  readonly exitCode: number;
  /** The last MiB of the standard output. */
  readonly output: string;
  /** What git said was wrong, one line; empty where it said nothing. */
  readonly complaint: string;
  /** Whether the complaint is in words of git's own. */
  readonly hasWords: boolean;
}

/** Starts git with some arguments. Never rejects for what git does. */
export type Git = (argv: readonly string[], call?: GitCall) => Promise<GitAnswer>;

export interface GitSettings {
  /** Folder to start in. */
  readonly folder: string;
  /** The caller's environment: what redirects git is taken out of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Which repository is meant. @default the one that the folder is in */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Starts the processes. @default `runCommand` */
  readonly start?: typeof runCommand;
}

const timeoutMs = 60_000;
const tailBytes = 1024 * 1024;

/**
 * Whoever works in the repository can write its configuration. What of it names a program or hides changes
 * is overruled here as far as names are known beforehand.
 */
const overruled = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.quotePath=false',
  'core.safecrlf=false',
  // A file that was written has another time of change, whatever else was put back.
  'core.checkStat=default',
  'core.trustctime=true',
  'maintenance.auto=false',
  'gc.auto=0',
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

/**
 * Makes what starts git: in one folder, with standard input at its end, a limit of time, and an environment
 * in which nothing of the caller leads to another repository.
 */
export function createGit(settings: GitSettings): Git {
  const { folder, environment, env, signal, start = runCommand } = settings;
  const base = { ...cleanGitEnvironment(environment), ...env };
  return async (argv, call = {}) => {
    const { onOutput } = call;
    const result = await start(['git', '--no-pager', ...overruled, ...argv], {
      cwd: folder,
      env: { ...base, ...call.env },
      timeoutMs: call.timeoutMs ?? timeoutMs,
      tailBytes,
      // What is asked for after the end of the work is part of ending it: it has its time limit alone.
      ...signalOf(signal, call.signal),
      ...(onOutput && {
        onOutput: ({ stream, bytes }) => {
          if (stream === 'stdout') onOutput(bytes);
        },
      }),
    });
    const words = wordsOf(result);
    return {
      exitCode: result.outcome.exitCode,
      output: result.stdout.text,
      complaint: words ?? describeEnd(result),
      hasWords: words !== undefined,
    };
  };
}

/** An environment in which git speaks plainly. `GIT_CONFIG_*` stays: that is how a caller says what it trusts, and where its configuration is. */
export function cleanGitEnvironment(
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    ([name]) => !name.startsWith('GIT_') || /^GIT_CONFIG_./.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_NO_LAZY_FETCH: '1',
    // History is what was committed: one ref can put any commit in the place of another, and so can one file.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
  };
}

function signalOf(
  whole: AbortSignal,
  own: AbortSignal | undefined,
): { readonly signal?: AbortSignal } {
  if (whole.aborted) return own ? { signal: own } : {};
  return { signal: own ? AbortSignal.any([whole, own]) : whole };
}

/** The last line in which git says what was wrong. */
function wordsOf({ stderr }: CommandResult): string | undefined {
  const lines = stderr.text.split('\n').map((line) => line.trim());
  const words = lines.findLast((line) => /^(?:fatal|error): /.test(line));
  return words?.replace(/^(?:fatal|error): /, '').slice(0, 500);
}

function describeEnd({ outcome }: CommandResult): string {
  if (outcome.kind === 'spawn-failed') return outcome.message;
  if (outcome.kind !== 'exited') return `git ended as ${outcome.kind}`;
  return outcome.exitCode === 0 ? '' : `git exited with ${outcome.exitCode}`;
}
