import { createLineCounter } from '../markdown/line-counter.js';
import type { CodeSpan, Passage } from '../markdown/markdown-document.js';
import type { PipelineReference, ScriptReference } from './reference.js';

/**
 * Scripts and pipelines that a document tells people to start, wherever it does: in code, in spans of code
 * and in sentences. Placeholders such as `npm run <script>` are none.
 */
export function commandReferences(
  passages: readonly Passage[],
  codeSpans: readonly CodeSpan[],
): (PipelineReference | ScriptReference)[] {
  const found = passages.filter(({ text }) => mentions.test(text)).flatMap(inPassage);
  const known = new Set(found.map(({ text }) => text));
  const broken = codeSpans
    .filter(({ text, isBroken }) => isBroken && mentions.test(text))
    .flatMap((span) => inPassage({ kind: 'prose', language: '', ...span }))
    .filter(({ text }) => !known.has(text));
  return [...found, ...broken];
}

/** Most passages are done with by this. */
const mentions = /\brun(?:-script)?[ \t]|\bstart[ \t]/;

// The rest is looked at but not passed by: the next command may be in it. All parts are bounded, so that a
// line costs what it is long.
const script =
  /\b(npm|pnpm|yarn)((?:[ \t]{1,8}-[^\s`;|&"']{1,80}(?:[ \t]{1,8}[^\s`;|&"'-][^\s`;|&"']{0,80})??){0,4}?)[ \t]{1,8}run(?:-script)?[ \t]{1,8}(?=([^\n`;|&]{1,200}))/g;
const pipeline =
  /\bcodex-orchestrator(?:\.[cm]?js)?[ \t]{1,8}start[ \t]{1,8}["']?(?=([^\s`;|&]{1,200}))/g;
const changesFolder = /(?:^|[\s`(;&])cd[ \t]+\S/;

function inPassage(passage: Passage): (PipelineReference | ScriptReference)[] {
  const { text, line } = passage;
  const isElsewhere = changesFolder.test(text);
  const scriptLine = createLineCounter(text, line);
  const scripts = [...text.matchAll(script)].flatMap((match) =>
    readScript(match, isElsewhere, scriptLine(match.index)),
  );
  const pipelineLine = createLineCounter(text, line);
  const pipelines = [...text.matchAll(pipeline)].flatMap((match) =>
    readPipeline(match[1] ?? '', pipelineLine(match.index)),
  );
  return [...scripts, ...pipelines];
}

function readScript(
  [, tool = '', before = '', after = '']: RegExpMatchArray,
  changesFolder: boolean,
  line: number,
): ScriptReference[] {
  const { name, flags } = readArguments(after);
  const all = [...before.trim().split(/\s+/), ...flags];
  if (name === undefined || all.includes('--if-present')) return [];
  const [first = name] = name.split('/');
  return [
    {
      kind: 'script',
      tool: tool as ScriptReference['tool'],
      scripts: [...new Set([name, first])],
      isElsewhere: changesFolder || all.some((flag) => leadsElsewhere.test(flag)),
      text: `${tool} run ${first}`,
      line,
    },
  ];
}

function readPipeline(word: string, line: number): PipelineReference[] {
  const id = readName(word);
  if (id === undefined) return [];
  return [{ kind: 'pipeline', id, text: `codex-orchestrator start ${id}`, line }];
}

const leadsElsewhere =
  /^(?:-w|-ws|-C|-F|-r|--workspaces?|--prefix|--dir|--cwd|--filter|--recursive)(?:=|$)/;
const takesValue = /^(?:-w|-C|-F|--workspace|--prefix|--dir|--cwd|--filter)$/;

/** The first word that is neither a flag nor the value of one, and the flags up to `--`. */
function readArguments(text: string): { readonly name?: string | undefined; flags: string[] } {
  const flags: string[] = [];
  let word: string | undefined;
  let isValue = false;
  for (const part of text.trim().split(/[ \t]+/)) {
    if (part === '--') break;
    if (part.startsWith('-')) {
      flags.push(part);
      isValue = takesValue.test(part);
    } else {
      if (!isValue) word ??= part;
      isValue = false;
    }
  }
  return { name: word === undefined ? undefined : readName(word), flags };
}

/**
 * The name at the beginning of a word, without the punctuation behind it; undefined for flags and
 * placeholders: with special characters, dots for more to come, or in capital letters.
 */
function readName(word: string): string | undefined {
  const bare = word.replace(/^["']/, '');
  const [whole = ''] = /^[\w:.@/+-]+/.exec(bare) ?? [];
  const next = bare.charAt(whole.length);
  if (whole === '' || whole.startsWith('-') || /[*<{[$%…=(]/.test(next) || whole.includes('..')) {
    return undefined;
  }
  const name = whole.replace(/[^\w]+$/, '');
  return name === '' || /^[A-Z][A-Z\d_]*$/.test(name) ? undefined : name;
}
