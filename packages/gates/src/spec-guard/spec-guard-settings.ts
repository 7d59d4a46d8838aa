import type { GateSettings } from '../settings/gate-settings.js';

export interface SpecRules {
  /** Globs of files whose change asks for the change of a spec. */
  readonly code: readonly string[];
  /** Globs of specs. */
  readonly specs: readonly string[];
  /** A file whose change counts as that of a spec. */
  readonly index: string;
  readonly maxAgeDays: number;
}

/** The rules of the settings, with defaults for what they leave out. */
export function specRulesOf(settings: GateSettings): SpecRules {
  const section = settings['spec-guard'] ?? {};
  return {
    code: section.code ?? defaultCode,
    specs: section.specs ?? ['tasks/specs/*.md', 'docs/design/specs/*.md'],
    index: section.index ?? 'tasks/index.json',
    maxAgeDays: section.maxAgeDays ?? 30,
  };
}

/** By language, in the order in which people look them up. */
const sourceExtensions = [
  ...['c', 'cc', 'cpp', 'cxx', 'h', 'hh', 'hpp', 'm', 'mm'],
  ...['cs', 'fs', 'vb'],
  ...['dart', 'ex', 'exs', 'erl', 'elm', 'hs', 'ml', 'lua', 'zig'],
  ...['go', 'proto'],
  ...['groovy', 'java', 'kt', 'kts', 'scala'],
  ...['cjs', 'cts', 'js', 'jsx', 'mjs', 'mts', 'svelte', 'ts', 'tsx', 'vue'],
  ...['php', 'pl', 'py', 'pyi', 'rb', 'rs', 'swift'],
  ...['bash', 'ps1', 'sh', 'sql'],
  ...['graphql', 'prisma'],
];

/**
 * What is code where nobody says otherwise: all in the folders that hold nothing else, and every file in the
 * language of a program; but neither tests, nor documents, nor what was generated or installed, nor the
 * configuration of tools in the root.
 */
export const defaultCode: readonly string[] = [
  '{app,server,src}/**',
  '**/migrations/**',
  `**/*.{${sourceExtensions.join(',')}}`,
  // Documents
  '!{docs,tasks}/**',
  '!**/*.{adoc,md,mdx,rst,txt}',
  // Tests
  '!{spec,e2e}/**',
  '!**/{__mocks__,__snapshots__,__tests__,fixtures,test,testdata,tests}/**',
  '!**/*.{spec,test}.*',
  '!**/*_test.*',
  '!**/{conftest,test_*}.py',
  '!**/*{Spec,Test,Tests}.{cs,groovy,java,kt,php,scala,swift}',
  // Generated and installed
  '!{build,out,target}/**',
  '!**/{.runs,.venv,__generated__,archives,dist,generated,node_modules,vendor}/**',
  '!**/*.{generated,g,min,pb}.*',
  '!**/*_pb2{,_grpc}.py{,i}',
  // Configuration
  '!*.config.*',
];
