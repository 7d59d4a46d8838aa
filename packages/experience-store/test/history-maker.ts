import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';

export const TASK = 'task-a';

interface MadeId {
  readonly id: string;
  readonly domain: string;
}

/** Invents logs: the same seed, the same lines. */
export class HistoryMaker {
  readonly random: SeededRandom;
  readonly domains: readonly [string, ...string[]];
  #made = 0;
  readonly #ids: MadeId[] = [];

  constructor(
    seed: number,
    domains: readonly [string, ...string[]] = ['alpha', 'beta', 'gamma/δ'],
  ) {
    this.random = createSeededRandom(seed);
    this.domains = domains;
  }

  /** One append: a line, a batch, or something that nobody should have written. */
  append(): string {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.5) return `${this.content()}\n`;
    if (dice < 0.75) return this.batch(random.integer(2, 8));
    if (dice < 0.8) return this.tornBatch();
    if (dice < 0.9) return `${this.note()}\n`;
    return `${this.junk()}\n`;
  }

  content(): string {
    return this.random.next() < 0.8 ? this.record() : this.note();
  }

  record(members: Readonly<Record<string, unknown>> = {}): string {
    const { random } = this;
    const domain = random.pick(this.domains);
    const again = random.next() < 0.05 && this.#ids.length > 0;
    const place = again
      ? random.pick(this.#ids as [MadeId])
      : { id: `exp-${++this.#made}`, domain };
    if (!again) this.#ids.push(place);
    const isPeer = random.next() < 0.3;
    return JSON.stringify({
      id: place.id,
      runId: `run-${random.integer(1, 50)}`,
      taskId: random.next() < 0.03 ? 'other-task' : TASK,
      summary32: `lesson ${random.integer(1, 1e6)} ${'x'.repeat(random.integer(0, 300))}`,
      // Few values, so that many are equal.
      reward: { gtScore: random.integer(0, 3), relativeRank: random.integer(0, 4) / 4 },
      toolStats: [],
      domain: place.domain,
      createdAt: `2026-01-0${random.integer(1, 9)}T00:00:00.000Z`,
      ...(isPeer ? {} : { stageId: 'build', seen: random.integer(0, 1) }),
      ...members,
    });
  }

  note(): string {
    const { random } = this;
    const pick = (): { id: string; domain: string } =>
      this.#ids.length > 0 && random.next() < 0.9
        ? random.pick(this.#ids as [MadeId])
        : { id: `exp-${random.integer(1, 500)}`, domain: random.pick(this.domains) };
    const head = { taskId: TASK, createdAt: '2026-01-09T00:00:00.000Z' };
    const note = random.pick(['seen', 'outcome', 'outcome', 'pinned', 'unpinned', 'forgotten']);
    if (note === 'outcome') {
      const outcome = random.pick(['helped', 'harmed', 'neutral']);
      const used = Array.from({ length: random.integer(1, 3) }, pick);
      return JSON.stringify({ note, ...head, runId: 'r', attempt: 1, outcome, used });
    }
    const extra = note === 'seen' ? { runId: 'r' } : {};
    return JSON.stringify({ note, ...head, ...pick(), ...extra });
  }

  batch(size: number): string {
    return `${this.#batchLines(size).join('\n')}\n`;
  }

  /** As a crash leaves it: the first lines, the last of them perhaps cut, and then what heals it. */
  tornBatch(): string {
    const lines = this.#batchLines(this.random.integer(2, 5));
    const text = lines.slice(0, -1).join('\n');
    return `${text.slice(0, text.length - this.random.integer(0, 30))}\n`;
  }

  junk(): string {
    const { random } = this;
    const kind = random.pick<() => string>([
      () => '',
      () => '   ',
      () => '{"id":"exp-1","domain":"alpha"',
      () => this.record() + this.record(),
      () => JSON.stringify({ id: 'x', domain: random.pick(this.domains) }),
      () => `"${random.pick(this.domains)}"`,
      () => 'null',
      () => `\uFEFF${this.record()}`,
      () => `${this.record()}\r`,
      () => this.record({ reward: { gtScore: 'much', relativeRank: null } }),
      () => this.record({ summary32: JSON.stringify({ domain: random.pick(this.domains) }) }),
    ]);
    return kind();
  }

  #batchLines(size: number): string[] {
    const id = this.random.integer(0, 0xffffffff).toString(16).padStart(8, '0');
    return Array.from({ length: size }, (_, nth) => {
      const line = this.content();
      return `${line.slice(0, -1)},"batch":"${id}:${nth + 1}/${size}"}`;
    });
  }
}
