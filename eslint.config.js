import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import globals from 'globals';
import jsoncParser from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** The arrows of ARCHITECTURE.md: what each package may import, and which external packages. */
const arrows = {
  core: { packages: [], external: [] },
  exec: { packages: ['core'], external: [] },
  redact: { packages: [], external: [] },
  manifest: { packages: ['core'], external: ['zod', 'zod/mini'] },
  pipeline: {
    packages: ['core', 'exec', 'manifest'],
    external: ['tinyglobby', 'zod', 'zod/mini'],
  },
  rlm: { packages: ['core', 'exec'], external: ['tinyglobby', 'zod', 'zod/mini'] },
  gates: {
    packages: ['core', 'exec'],
    external: ['github-slugger', 'markdown-it', 'picomatch', 'zod', 'zod/mini'],
  },
  metrics: {
    packages: ['core'],
    external: ['@datadog/sketches-js/**', 'zod', 'zod/mini'],
  },
  'experience-store': { packages: ['core'], external: ['zod', 'zod/mini'] },
  report: {
    packages: ['core', 'manifest'],
    external: [
      'd3-scale',
      'd3-shape',
      'html-escaper',
      'pure-rand',
      'pure-rand/**',
      'simple-statistics',
      'zod',
      'zod/mini',
    ],
  },
  cli: {
    packages: [
      ...['core', 'exec', 'redact', 'manifest', 'metrics'],
      ...['experience-store', 'gates', 'pipeline', 'report', 'rlm'],
    ],
    external: ['cac'],
  },
  bench: {
    packages: ['core', 'metrics', 'report'],
    external: ['cac', 'tinybench', 'zod', 'zod/mini'],
  },
};

const sourceConstraints = Object.entries(arrows).map(([name, { packages, external }]) => ({
  sourceTag: `scope:${name}`,
  onlyDependOnLibsWithTags: packages.map((other) => `scope:${other}`),
  allowedExternalImports: ['node:*', ...external],
}));

const testConstraints = Object.entries(arrows).map(([name, { packages }]) => ({
  sourceTag: `scope:${name}`,
  onlyDependOnLibsWithTags: [...packages.map((other) => `scope:${other}`), 'scope:testing'],
}));

function boundaries(depConstraints) {
  return [
    'error',
    {
      enforceBuildableLibDependency: false,
      banTransitiveDependencies: true,
      depConstraints: [
        ...depConstraints,
        { sourceTag: 'scope:testing', onlyDependOnLibsWithTags: [] },
        { sourceTag: 'scope:setup', onlyDependOnLibsWithTags: ['scope:testing'] },
        { sourceTag: 'scope:measure', onlyDependOnLibsWithTags: ['*'] },
        { sourceTag: 'scope:bench-targets', onlyDependOnLibsWithTags: ['scope:testing'] },
        { sourceTag: 'scope:agents', onlyDependOnLibsWithTags: ['*'] },
        { sourceTag: 'scope:faults', onlyDependOnLibsWithTags: ['*'] },
      ],
    },
  ];
}

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/out-tsc',
      '**/.vitest',
      '**/.bench',
      '**/node_modules',
      '.nx',
      '.runs',
      'out',
    ],
  },
  {
    files: ['**/*.{ts,mjs,cjs,js}'],
    extends: [eslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='vi'][callee.property.name='mock']",
          message: 'Use real parts: tests never mock modules.',
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
    },
  },
  {
    // One program for all packages, which share their options: what two packages use is checked once.
    files: ['packages/**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: false, project: ['tsconfig.lint.json'] },
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(sourceConstraints),
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-depth': ['error', 4],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['packages/*/test/**/*.ts', 'tools/*/test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(testConstraints),
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['test'] }],
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    rules: { 'no-console': 'off' },
    languageOptions: { globals: globals.node },
  },
  {
    files: ['packages/*/package.json'],
    // The CLI is published as one bundle: all that it imports is a development dependency.
    ignores: ['packages/cli/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsoncParser },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/*.config.{ts,js,mjs}',
            '{projectRoot}/test/**/*',
            '{projectRoot}/scripts/**/*',
          ],
          ignoredDependencies: ['@codex-orchestrator/testing'],
        },
      ],
    },
  },
);
