import { ExactSums } from './exact-sum.js';
import type { EntryFacts } from './facts.js';
import type { NameTable } from './name-table.js';

const CALLS = 0;
const TOKENS = 1;
const COST = 2;
const LATENCY = 3;
const GROUP_SIZE = 4;
const HEAD_SUMS = 5;

/** Counts and sums of an encoded cell, in front of its tools. */
export const HEAD_LENGTH = 2 + HEAD_SUMS;

/** They lie next to the sums, as a sum of their own: that is one place in memory to go to. */
const TOOL_RUNS = 0;
const TOOL_TOKENS = 1;
const TOOL_COST = 2;
const TOOL_LATENCY = 3;
const TOOL_SUMS = 4;

/** The number of a tool's name and its sums. */
export const TOOL_LENGTH = 1 + TOOL_SUMS;

/** What is about to be added: numbers that are handed over one by one are put on the heap one by one. */
const headTerms = new Float64Array(HEAD_SUMS);
const toolTerms = new Float64Array(TOOL_SUMS);

/** What runs of one epoch have come to, tool by tool in the order in which they were first seen. */
export class EpochCell {
  runs = 0;
  #groupSizes = 0;
  readonly #sums = new ExactSums(HEAD_SUMS);
  /** Places of tools among those of this epoch, by the numbers of the tools. */
  readonly #places: (number | undefined)[] = [];
  /** The other way round. */
  readonly #tools: number[] = [];
  readonly #names: NameTable;

  constructor(names: NameTable) {
    this.#names = names;
  }

  /** @throws anything at all when `encode` gives no such thing. */
  static decode(values: readonly unknown[], names: NameTable): EpochCell {
    const cell = new EpochCell(names);
    cell.runs = Number(values[0]);
    cell.#groupSizes = Number(values[1]);
    for (let slot = 0; slot < HEAD_SUMS; slot += 1) cell.#sums.addEncoded(slot, values[2 + slot]);
    for (let at = HEAD_LENGTH; at < values.length; at += TOOL_LENGTH) {
      const tool = Number(values[at]);
      // Throws where no tool has that number.
      names.nameOf(tool);
      const place = cell.#placeOf(tool);
      for (let each = 0; each < TOOL_SUMS; each += 1) {
        cell.#sums.addEncoded(slotOf(place) + each, values[at + 1 + each]);
      }
    }
    return cell;
  }

  count(facts: EntryFacts, weight: 1 | -1): void {
    const { groupSize } = facts;
    this.runs += weight;
    if (groupSize !== null) this.#groupSizes += weight;
    headTerms[CALLS] = weight * facts.toolCalls;
    headTerms[TOKENS] = weight * facts.tokenTotal;
    headTerms[COST] = weight * facts.costUsd;
    headTerms[LATENCY] = weight * facts.latencyMs;
    headTerms[GROUP_SIZE] = weight * (groupSize ?? 0);
    this.#sums.addAll(0, headTerms);
    for (const tool of facts.tools) {
      toolTerms[TOOL_RUNS] = weight;
      toolTerms[TOOL_TOKENS] = weight * tool.tokens;
      toolTerms[TOOL_COST] = weight * tool.costUsd;
      toolTerms[TOOL_LATENCY] = weight * tool.latencyMs;
      this.#sums.addAll(slotOf(this.#placeOf(this.#names.numberOf(tool.tool))), toolTerms);
    }
  }

  merge(later: EpochCell): void {
    this.runs += later.runs;
    this.#groupSizes += later.#groupSizes;
    for (let slot = 0; slot < HEAD_SUMS; slot += 1) this.#sums.merge(slot, later.#sums, slot);
    for (const [laterPlace, tool] of later.#tools.entries()) {
      const place = this.#placeOf(this.#names.numberOf(later.#names.nameOf(tool)));
      for (let each = 0; each < TOOL_SUMS; each += 1) {
        this.#sums.merge(slotOf(place) + each, later.#sums, slotOf(laterPlace) + each);
      }
    }
  }

  /** Numbers, and texts for sums that no number tells: those of the epoch, then those of each tool. */
  encode(): (number | string)[] {
    const sums = this.#sums;
    const values: (number | string)[] = [this.runs, this.#groupSizes];
    for (let slot = 0; slot < HEAD_SUMS; slot += 1) values.push(sums.encode(slot));
    for (const [place, tool] of this.#tools.entries()) {
      values.push(tool);
      for (let each = 0; each < TOOL_SUMS; each += 1) {
        values.push(sums.encode(slotOf(place) + each));
      }
    }
    return values;
  }

  #placeOf(tool: number): number {
    const known = this.#places[tool];
    if (known !== undefined) return known;
    const place = this.#tools.push(tool) - 1;
    while (this.#places.length < tool) this.#places.push(undefined);
    this.#places[tool] = place;
    for (let each = 0; each < TOOL_SUMS; each += 1) this.#sums.allocate();
    return place;
  }
}

function slotOf(place: number): number {
  return HEAD_SUMS + place * TOOL_SUMS;
}
