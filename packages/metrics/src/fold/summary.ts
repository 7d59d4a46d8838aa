import { ExactSums } from './exact-sum.js';
import { expectArray } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import { OTHERS, PipelineCell, SUMMARY_LIMIT } from './pipeline-cell.js';
import type { PipelineSummary } from './pipeline-cell.js';
import { SummaryRow } from './summary-row.js';
import type { DurationSummary } from './summary-row.js';
import type { JsonValue, Reducer } from './reducer.js';

export interface Summary {
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly durations: DurationSummary;
  /** In the order in which they were first seen. */
  readonly pipelines: readonly PipelineSummary[];
}

export interface SummaryState {
  /** Those of all rows. */
  readonly sums: ExactSums;
  /** All runs: to add up the pipelines at every update would unpack all their durations. */
  readonly total: SummaryRow;
  readonly pipelines: Map<string | null, PipelineCell>;
  /** Of the pipelines that came after the first `SUMMARY_LIMIT`. */
  others: PipelineCell | undefined;
  /** That of the last run. */
  lastId: string | null;
  lastCell: PipelineCell | undefined;
}

/** Counts, success rates and durations by pipeline and stage. */
export const summary: Reducer<SummaryState, Summary> = {
  id: 'summary',
  version: 1,
  init() {
    const sums = new ExactSums(0);
    return stateOf(sums, new SummaryRow(sums));
  },
  add(state, facts) {
    count(state, facts, 1);
  },
  retract(state, facts) {
    count(state, facts, -1);
  },
  encode: ({ total, pipelines, others }): JsonValue => [
    total.encode(),
    [...pipelines].map(([id, cell]) => [id, cell.encode()]),
    others?.encode() ?? null,
  ],
  decode(value) {
    const [total, pipelines, others] = expectArray(value, 3);
    const sums = new ExactSums(0);
    const state = stateOf(sums, SummaryRow.decode(total, sums));
    if (others !== null) state.others = PipelineCell.decode(others, sums);
    for (const pipeline of expectArray(pipelines)) {
      const [id, cell] = expectArray(pipeline, 2);
      if (id !== null && typeof id !== 'string') throw new TypeError('Expected a pipeline');
      state.pipelines.set(id, PipelineCell.decode(cell, sums));
    }
    return state;
  },
  finish({ total, pipelines, others }) {
    const shown = [...pipelines].map(([id, cell]) => cell.finish(id));
    if (others !== undefined) shown.push(others.finish(OTHERS));
    return {
      runs: total.runs,
      succeeded: total.succeeded,
      failed: total.failed,
      cancelled: total.skipped,
      durations: total.durations(),
      pipelines: shown.filter(({ runs }) => runs > 0),
    };
  },
  /**
   * @throws RangeError when the later one has lost the names of pipelines or stages, or when both have
   * more pipelines than are told apart.
   */
  merge(state, later) {
    // What it counted under one name might have been told apart here; and stages of pipelines that are
    // counted under one name would come in the order of the pipelines.
    const ids = new Set([...state.pipelines.keys(), ...later.pipelines.keys()]);
    if (
      ids.size > SUMMARY_LIMIT ||
      later.others !== undefined ||
      [...later.pipelines.values()].some((cell) => cell.isFull)
    ) {
      throw new RangeError('Expected all pipelines and stages to have names');
    }
    state.total.merge(later.total);
    for (const [id, cell] of later.pipelines) cellOf(state, id).merge(cell);
  },
};

function stateOf(sums: ExactSums, total: SummaryRow): SummaryState {
  return {
    sums,
    total,
    pipelines: new Map(),
    others: undefined,
    lastId: null,
    lastCell: undefined,
  };
}

function count(state: SummaryState, facts: EntryFacts, weight: 1 | -1): void {
  const { pipelineId } = facts;
  state.total.count(facts.status, facts.durationSeconds, facts.attempt, weight);
  let cell = state.lastCell;
  if (cell === undefined || state.lastId !== pipelineId) {
    cell = cellOf(state, pipelineId);
    state.lastId = pipelineId;
    state.lastCell = cell;
  }
  cell.count(facts, weight);
}

function cellOf(state: SummaryState, id: string | null): PipelineCell {
  const known = state.pipelines.get(id);
  if (known !== undefined) return known;
  if (state.pipelines.size >= SUMMARY_LIMIT) return (state.others ??= new PipelineCell(state.sums));
  const cell = new PipelineCell(state.sums);
  state.pipelines.set(id, cell);
  return cell;
}
