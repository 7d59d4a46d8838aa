/** Where programs are and where temporary files go; Windows starts nothing without its own two. */
const keptVariables = ['PATH', 'Path', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'];

/**
 * An environment in which a program does the same on each machine: no options for Node, no variables of CI,
 * agents or tools, plain locale, universal time, and a home of its own.
 */
export function cleanEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const kept = keptVariables.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC', HOME: home, USERPROFILE: home };
}
