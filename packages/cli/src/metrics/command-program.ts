/** What a shell line is called whose first word names no program, such as a loop. */
const shell = 'sh';

/**
 * Programs that run another one, which is what a command is about: how many operands come before it,
 * and which flags take a word of their own.
 */
const wrappers: Readonly<Record<string, Wrapper | undefined>> = {
  bunx: { operands: 0, valued: [] },
  command: { operands: 0, valued: [] },
  env: { operands: 0, valued: ['-C', '-u', '--chdir', '--unset'] },
  exec: { operands: 0, valued: ['-a'] },
  nice: { operands: 0, valued: ['-n', '--adjustment'] },
  nohup: { operands: 0, valued: [] },
  npx: { operands: 0, valued: ['-p', '--package'] },
  pnpx: { operands: 0, valued: [] },
  time: { operands: 0, valued: [] },
  timeout: { operands: 1, valued: ['-k', '-s', '--kill-after', '--signal'] },
};

interface Wrapper {
  readonly operands: number;
  readonly valued: readonly string[];
}

/** What comes before the command of a line and is not it. */
const preambles: ReadonlySet<string> = new Set(['cd', 'export', 'set']);

const shellWords: ReadonlySet<string> = new Set(
  'case do done elif else esac eval fi for function if in select source then until while . : [ [['.split(
    ' ',
  ),
);

/** Packages whose program is called something else. */
const programs: Readonly<Record<string, string | undefined>> = {
  '@anthropic-ai/claude-code': 'claude',
  '@google/gemini-cli': 'gemini',
  '@openai/codex': 'codex',
  '@qwen-code/qwen-code': 'qwen',
  'opencode-ai': 'opencode',
};

/**
 * The name of the program that a command line is about: the first word, without its folder, behind
 * assignments, changes of the folder and programs such as `env`, `npx` and `timeout`. `sh` where the
 * line is more than that.
 */
export function commandProgram(line: string): string {
  let wrapper: Wrapper | undefined;
  let operands = 0;
  let skips: 'nothing' | 'preamble' | 'value' = 'nothing';
  for (const token of tokensOf(line.slice(0, maxLineLength))) {
    const isSeparator = separators.test(token);
    if (skips === 'preamble' && !isSeparator) continue;
    if (isSeparator) {
      // `| x` and `|| x` say nothing of what runs first.
      if (skips !== 'preamble' || token.startsWith('|')) return shell;
      skips = 'nothing';
    } else if (skips === 'value') {
      skips = 'nothing';
    } else if (wrapper !== undefined && token.startsWith('-')) {
      skips = wrapper.valued.includes(token) ? 'value' : 'nothing';
    } else if (operands > 0) {
      operands -= 1;
    } else if (!assignment.test(token)) {
      const name = programName(unquoted(token));
      if (preambles.has(name)) {
        skips = 'preamble';
        continue;
      }
      const next = wrappers[name];
      if (next === undefined) return name;
      ({ operands } = next);
      wrapper = next;
    }
  }
  return shell;
}

/** Scripts can be long; the program of one stands near its start. */
const maxLineLength = 4096;
const assignment = /^[A-Za-z_]\w*=/;
const separators = /^(?:&&|\|\|?|;|\n)$/;
const tokenPattern =
  /[^\S\n]*(?:\\\n[^\S\n]*)*(&&|\|\|?|[;\n]|(?:[^\s'"\\;|&]|&(?!&)|\\[^\n]|'[^']*'|"(?:\\[^]|[^"\\])*")+)/gy;

function* tokensOf(line: string): Generator<string> {
  for (const [, token = ''] of line.matchAll(tokenPattern)) yield token;
}

function unquoted(token: string): string {
  return token.replace(/'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g, '$1$2$3');
}

function programName(word: string): string {
  const packageName = word.replace(/(?<=.)@[^/@]*$/, '');
  const name = programs[packageName] ?? packageName.slice(packageName.lastIndexOf('/') + 1);
  return isProgramName.test(name) && !shellWords.has(name) ? name : shell;
}

const isProgramName = /^[A-Za-z0-9_][\w.+-]{0,63}$/;
