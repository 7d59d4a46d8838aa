const bench = 'node packages/bench/bin/bench.mjs';
const built = ['build', { projects: ['bench'], target: 'build' }];

/**
 * `bench` = `bench-exact`, then `bench-time`.
 *
 * Counts, growth and memory come to the same for the same files, so they are cached. Times are not: the
 * machine and the base are no files of the project, and a replayed verdict would say of today's what was
 * true of another day. Nothing else runs while they are taken.
 *
 * @param {string} project
 * @returns {Record<string, import('nx/src/config/workspace-json-project-json').TargetConfiguration>}
 */
export function benchTargets(project) {
  return {
    'bench-exact': {
      command: `${bench} exact --project ${project}`,
      dependsOn: built,
      cache: true,
      inputs: [
        'production',
        '^production',
        '{projectRoot}/bench/**/*',
        '{workspaceRoot}/packages/bench/{bin,preload,src}/**/*',
        { externalDependencies: ['tinybench'] },
      ],
      outputs: ['{projectRoot}/.bench/exact.json'],
      metadata: { description: 'Check counts, growth and memory of the built package' },
    },
    'bench-time': {
      command: `${bench} time --project ${project}`,
      dependsOn: [...built, 'bench-exact'],
      cache: false,
      parallelism: false,
      metadata: { description: 'Compare the processor time of two builds, call by call' },
    },
    bench: {
      executor: 'nx:noop',
      dependsOn: ['bench-exact', 'bench-time'],
      cache: false,
      metadata: { description: 'Check every promise that the package has a guard for' },
    },
  };
}
