import type { CommandProblem } from './command-result.js';

/** Collects the first failure of each place that must not change the verdict of a command. */
export class ProblemList {
  readonly #problems = new Map<CommandProblem['where'], CommandProblem>();

  add(where: CommandProblem['where'], error: unknown): void {
    if (!this.#problems.has(where)) this.#problems.set(where, { where, error });
  }

  /** Runs a hook; returns its answer, or undefined when it threw. */
  guard<T>(where: CommandProblem['where'], hook: () => T): T | undefined {
    try {
      return hook();
    } catch (error) {
      this.add(where, error);
      return undefined;
    }
  }

  list(): CommandProblem[] {
    return [...this.#problems.values()];
  }
}
