import type { ExactSums } from './exact-sum.js';
import { expectArray, expectString } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import type { JsonValue } from './reducer.js';
import { SummaryRow } from './summary-row.js';
import type { DurationSummary } from './summary-row.js';

/** Pipelines that are told apart, and stages of each of them; the rest is counted under one name. */
export const SUMMARY_LIMIT = 256;

/** The name under which whatever came too late to be told apart is counted. */
export const OTHERS = '(other)';

export interface PipelineSummary {
  /** Null for runs that name no pipeline. */
  readonly id: string | null;
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** In seconds. */
  readonly durations: DurationSummary;
  /** In the order in which they were first seen. */
  readonly stages: readonly StageSummary[];
}

export interface StageSummary {
  readonly id: string;
  /** How often runs name it. */
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly attempts: number;
  /** In seconds. */
  readonly durations: DurationSummary;
}

interface StageCell {
  readonly id: string;
  readonly row: SummaryRow;
}

/** What the runs of one pipeline have come to, stage by stage. */
export class PipelineCell {
  readonly row: SummaryRow;
  readonly #stages: StageCell[] = [];
  readonly #byId = new Map<string, StageCell>();
  readonly #sums: ExactSums;
  #others: StageCell | undefined;

  constructor(sums: ExactSums, row = new SummaryRow(sums)) {
    this.#sums = sums;
    this.row = row;
  }

  /** @throws anything at all when `encode` gives no such thing. */
  static decode(value: unknown, sums: ExactSums): PipelineCell {
    const [row, stages, others] = expectArray(value, 3);
    const cell = new PipelineCell(sums, SummaryRow.decode(row, sums));
    for (const stage of expectArray(stages)) {
      const [id, stageRow] = expectArray(stage, 2);
      cell.#append(expectString(id), SummaryRow.decode(stageRow, sums));
    }
    if (others !== null) cell.#others = { id: OTHERS, row: SummaryRow.decode(others, sums) };
    return cell;
  }

  /** Whether stages came too late to be told apart. */
  get isFull(): boolean {
    return this.#others !== undefined;
  }

  count(facts: EntryFacts, weight: 1 | -1): void {
    this.row.count(facts.status, facts.durationSeconds, facts.attempt, weight);
    const { stages } = facts;
    for (let at = 0; at < stages.length; at += 1) {
      const stage = stages[at];
      if (stage === undefined) continue;
      // Runs of one pipeline mostly name the same stages in the same order.
      const expected = this.#stages[at];
      const { row } = expected?.id === stage.id ? expected : this.#stageOf(stage.id);
      row.count(stage.status, stage.durationSeconds, stage.attempts, weight);
    }
  }

  merge(later: PipelineCell): void {
    this.row.merge(later.row);
    for (const { id, row } of later.#stages) this.#stageOf(id).row.merge(row);
  }

  encode(): JsonValue[] {
    return [
      this.row.encode(),
      this.#stages.map(({ id, row }) => [id, row.encode()]),
      this.#others?.row.encode() ?? null,
    ];
  }

  finish(id: string | null): PipelineSummary {
    const { row } = this;
    const stages = this.#others === undefined ? this.#stages : [...this.#stages, this.#others];
    return {
      id,
      runs: row.runs,
      succeeded: row.succeeded,
      failed: row.failed,
      cancelled: row.skipped,
      durations: row.durations(),
      stages: stages.filter((stage) => stage.row.runs > 0).map(finishStage),
    };
  }

  #stageOf(id: string): StageCell {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    if (this.#stages.length < SUMMARY_LIMIT) return this.#append(id, new SummaryRow(this.#sums));
    return (this.#others ??= { id: OTHERS, row: new SummaryRow(this.#sums) });
  }

  #append(id: string, row: SummaryRow): StageCell {
    const stage = { id, row };
    this.#stages.push(stage);
    this.#byId.set(id, stage);
    return stage;
  }
}

function finishStage({ id, row }: StageCell): StageSummary {
  return {
    id,
    runs: row.runs,
    succeeded: row.succeeded,
    failed: row.failed,
    skipped: row.skipped,
    attempts: row.attempts(),
    durations: row.durations(),
  };
}
