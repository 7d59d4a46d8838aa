import { baseName } from './script-runs.js';

const shells = /^(?:ba|da|k|z)?sh$/;
const otherInterpreters = /^(?:node|bun|deno|tsx|ts-node|python[\d.]*|ruby|perl|php|pwsh)$/;

/** With these the word behind them is looked at and not carried out, or is a text of its own. */
const notCarriedOut = {
  shell: /^-[a-z]*[cn]$/,
  other: /^(?:-c|--check|-e|--eval|-m|-p|--print)$/,
};

/** What starts the program that comes after it. */
const wrappers =
  /^(?:env|command|cross-env|exec|nice|nohup|npx|bunx|stdbuf|sudo|time|timeout|xvfb-run|-.*|\d+[smh]?|\w+=.*)$/;

/** Options whose value says how a tool judges. */
const settingOptions =
  /^(?:-[cpr]|--(?:config|import|loader|project|rcfile|require|setup[\w-]*|tsconfig))$/;
const settingWord = /^--(?:config|import|loader|project|rcfile|require|setup[\w-]*|tsconfig)=/;

const tests =
  /(?:^|\/)(?:tests?|__tests__|specs?)\/|[._-](?:test|spec)s?\.\w+$|(?:^|\/)(?:test|spec)_[^/]*$/;

/**
 * Whether a word of a command is something that the command goes by: the program, a script that an interpreter
 * carries out, a test, a setting. What it only looks at is none, such as the file behind `node --check`.
 */
export function isJudgingWord(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  if (word.startsWith('-')) return settingWord.test(word);
  return (
    isProgram(words, index) ||
    isScript(words, index) ||
    tests.test(word) ||
    (/[/.]/.test(word) && settingOptions.test(words[index - 1] ?? ''))
  );
}

function isProgram(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  return word.includes('/') && words.slice(0, index).every((before) => wrappers.test(before));
}

/** The first word that is no option behind an interpreter. */
function isScript(words: readonly string[], index: number): boolean {
  const start = words.slice(0, index).findLastIndex(isInterpreter);
  if (start < 0) return false;
  const isShell = shells.test(baseName(words[start] ?? ''));
  const other = isShell ? notCarriedOut.shell : notCarriedOut.other;
  return words.slice(start + 1, index).every((word) => word.startsWith('-') && !other.test(word));
}

function isInterpreter(word: string): boolean {
  const name = baseName(word);
  return shells.test(name) || otherInterpreters.test(name);
}
