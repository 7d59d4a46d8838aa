import type { GatePorts } from '../../src/gate/gate-ports.js';

/** Ports whose git also notes what it was asked for, by the name of the command. */
export function recordGit(ports: GatePorts): { ports: GatePorts; commands: string[] } {
  const commands: string[] = [];
  const git: GatePorts['git'] = (argv, call) => {
    commands.push(argv.find((word) => !word.startsWith('-')) ?? '');
    return ports.git(argv, call);
  };
  return { ports: { ...ports, git }, commands };
}
