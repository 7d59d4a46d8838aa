import { defineGrammar } from './command.js';
import type { CommandGroup } from './command.js';
import { textOrJson } from './command-grammar.js';

export const packsGroup: CommandGroup = {
  name: 'packs',
  summary: 'Prompt packs: the texts that a run is given, and a stamp that proves them',
  details: ['They lie in .agent/prompts/prompt-packs, one folder each with a manifest.json.'],
};

export const instructionsGroup: CommandGroup = {
  name: 'instructions',
  summary: 'Instruction files (AGENTS.md) and the stamp in their first line',
  details: ['Looked at: AGENTS.md, docs/AGENTS.md, .agent/AGENTS.md.'],
};

const dryRun = { kind: 'boolean', description: 'Only say what would be written' } as const;

export const packsListGrammar = defineGrammar({
  name: 'packs list',
  positionals: '',
  summary: 'List prompt packs: domain, slots for experiences, whether the stamp holds',
  details: [],
  flags: { format: textOrJson },
});

export const packsCheckGrammar = defineGrammar({
  name: 'packs check',
  positionals: '[...id]',
  summary: 'Check prompt packs; exits 1 when one would stop a run',
  details: ['Without an id: all. Every problem is named, with the command that mends it.'],
  flags: { format: textOrJson },
});

export const packsStampGrammar = defineGrammar({
  name: 'packs stamp',
  positionals: '[...id]',
  summary: 'Write the stamp of prompt packs anew after their texts were changed',
  details: [],
  flags: {
    all: { kind: 'boolean', description: 'Every prompt pack' },
    dryRun,
    format: textOrJson,
  },
});

export const instructionsCheckGrammar = defineGrammar({
  name: 'instructions check',
  positionals: '[...path]',
  summary: 'Check the stamps of instruction files; exits 1 when one would stop a run',
  details: ['Without a path: all that a run reads.'],
  flags: { format: textOrJson },
});

export const instructionsStampGrammar = defineGrammar({
  name: 'instructions stamp',
  positionals: '[...path]',
  summary: 'Write the stamp of instruction files anew after they were changed',
  details: ['Without a path: all that a run reads and that are there.'],
  flags: { dryRun, format: textOrJson },
});
