import { EpochCell, HEAD_LENGTH, TOOL_LENGTH } from './epoch-cell.js';
import { ExactSums } from './exact-sum.js';
import { expectArray, expectString } from './expect-encoded.js';
import type { EntryFacts } from './facts.js';
import { NameTable } from './name-table.js';
import type { Reducer } from './reducer.js';

/** Runs and sums of one epoch, as they are written. */
export interface EpochOutput {
  readonly epoch: number;
  readonly runs: number;
  readonly tool_calls: number;
  readonly token_total: number;
  /** Rounded to six decimals. */
  readonly cost_usd: number;
  readonly latency_ms: number;
  /** Mean over the runs that state their group's size. */
  readonly group_size_avg: number | null;
  /** In the order in which the epoch's tools were first seen. */
  readonly tools: readonly ToolOutput[];
}

export interface ToolOutput {
  readonly tool: string;
  /** How often runs name it. */
  readonly runs: number;
  readonly tokens: number;
  /** Rounded to six decimals. */
  readonly cost_usd: number;
  readonly latency_ms: number;
}

export interface EpochsState {
  readonly epochs: Map<number, EpochPart>;
  /** The tools of all epochs. */
  readonly names: NameTable;
  /** The one of the last entry: epochs come in groups. */
  last: EpochPart | undefined;
}

/** One epoch: as text until an entry of it comes, so that an update opens one epoch and no other. */
interface EpochPart {
  readonly epoch: number;
  text: string | undefined;
  cell: EpochCell | undefined;
}

/** Sums by epoch and by tool, of the attempts that name an epoch. Epochs ascend. */
export const epochs: Reducer<EpochsState, readonly EpochOutput[]> = {
  id: 'epochs',
  version: 1,
  init: () => ({ epochs: new Map(), names: new NameTable(), last: undefined }),
  add(state, facts) {
    if (facts.epoch !== null) count(state, facts.epoch, facts, 1);
  },
  retract(state, facts) {
    if (facts.epoch !== null) count(state, facts.epoch, facts, -1);
  },
  encode(state) {
    const parts = ascending(state).map((part) => [part.epoch, textOf(state, part)]);
    return [[...state.names.names], parts];
  },
  decode(value) {
    const [names, parts] = expectArray(value, 2);
    const state = epochs.init();
    for (const name of expectArray(names)) state.names.numberOf(expectString(name));
    for (const part of expectArray(parts)) {
      const [epoch, text] = expectArray(part, 2);
      if (typeof epoch !== 'number') throw new TypeError('Expected an epoch');
      state.epochs.set(epoch, { epoch, text: expectString(text), cell: undefined });
    }
    return state;
  },
  finish(state) {
    return ascending(state)
      .map((part) => epochOutputOf(part.epoch, textOf(state, part), state.names))
      .filter(({ runs }) => runs > 0);
  },
  merge(state, later) {
    for (const name of later.names.names) state.names.numberOf(name);
    for (const laterPart of later.epochs.values()) {
      cellOf(state, partOf(state, laterPart.epoch)).merge(openCell(later, laterPart));
    }
  },
};

function count(state: EpochsState, epoch: number, facts: EntryFacts, weight: 1 | -1): void {
  let part = state.last;
  if (part?.epoch !== epoch) {
    part = partOf(state, epoch);
    state.last = part;
  }
  cellOf(state, part).count(facts, weight);
}

function partOf(state: EpochsState, epoch: number): EpochPart {
  const known = state.epochs.get(epoch);
  if (known !== undefined) return known;
  const part = { epoch, text: undefined, cell: undefined };
  state.epochs.set(epoch, part);
  return part;
}

/** The cell, about to be changed. */
function cellOf(state: EpochsState, part: EpochPart): EpochCell {
  const cell = openCell(state, part);
  part.text = undefined;
  return cell;
}

function openCell(state: EpochsState, part: EpochPart): EpochCell {
  part.cell ??=
    part.text === undefined
      ? new EpochCell(state.names)
      : EpochCell.decode(parse(part.text), state.names);
  return part.cell;
}

function textOf(state: EpochsState, part: EpochPart): string {
  if (part.text === undefined) {
    const values = openCell(state, part).encode();
    part.text = JSON.stringify(values).slice(1, -1);
  }
  return part.text;
}

/** What an encoded epoch comes to. */
export function epochOutputOf(epoch: number, text: string, names: NameTable): EpochOutput {
  const values = parse(text);
  const [runs, groupSizes, calls, tokens, cost, latency, groupSize] = values;
  const tools: ToolOutput[] = [];
  for (let at = HEAD_LENGTH; at < values.length; at += TOOL_LENGTH) {
    const toolRuns = Number(values[at + 1]);
    if (toolRuns <= 0) continue;
    tools.push({
      tool: names.nameOf(Number(values[at])),
      runs: toolRuns,
      tokens: sumOf(values[at + 2]),
      cost_usd: roundedSumOf(values[at + 3]),
      latency_ms: sumOf(values[at + 4]),
    });
  }
  return {
    epoch,
    runs: Number(runs),
    tool_calls: sumOf(calls),
    token_total: sumOf(tokens),
    cost_usd: roundedSumOf(cost),
    latency_ms: sumOf(latency),
    group_size_avg: Number(groupSizes) > 0 ? sumOf(groupSize) / Number(groupSizes) : null,
    tools,
  };
}

function sumOf(encoded: unknown): number {
  if (typeof encoded === 'number') return encoded;
  const sums = new ExactSums(1);
  sums.addEncoded(0, encoded);
  return sums.read(0);
}

function roundedSumOf(encoded: unknown): number {
  if (typeof encoded === 'number') return encoded;
  const sums = new ExactSums(1);
  sums.addEncoded(0, encoded);
  return sums.readRounded(0);
}

function parse(text: string): readonly unknown[] {
  return expectArray(JSON.parse(`[${text}]`));
}

function ascending(state: EpochsState): EpochPart[] {
  return [...state.epochs.values()].sort((a, b) => a.epoch - b.epoch);
}
