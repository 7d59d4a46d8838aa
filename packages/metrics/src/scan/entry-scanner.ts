import { isText } from '../entry/members.js';
import { StageView, ToolView } from './entry-view.js';
import { FactList } from './fact-list.js';
import type { Identity } from './identity.js';
import { endOfString, endOfValue } from './json-grammar.js';
import { MemberTable } from './member-table.js';
import { Member } from './member.js';
import * as slot from './slots.js';
import { viewOf } from './stretch.js';
import type { Constant } from './stretch.js';
import { ValueScanner } from './value-scanner.js';

/**
 * Scans lines that are objects without white space between their parts, such as `JSON.stringify` writes
 * them. It expects what it saw in the lines before: which member follows which, and that between values
 * that vary lie the same members with the same values. What is different is looked at member by member,
 * and expected from then on. A line is given up where it is no such object.
 *
 * Positions are numbers, and -1 where the line is to be given up.
 */
export class EntryScanner {
  readonly values: ValueScanner;
  /** By shape: 1 where the list of such objects has members. */
  readonly filled = new Uint8Array(slot.SHAPES);
  readonly stages = new FactList(() => new StageView());
  readonly tools = new FactList(() => new ToolView());

  readonly #tables = Array.from({ length: slot.SHAPES }, (_, shape) => new MemberTable(shape));
  /** By shape: stands for the opening brace, as what the first member follows. */
  readonly #openings = this.#tables.map((_table, shape) => new Member(shape));
  #view = viewOf(Buffer.alloc(0));
  #end = 0;
  #line = 0;
  /** Behind the key that was looked up last, and its colon. */
  #valueAt = 0;

  constructor(identity: Identity) {
    this.values = new ValueScanner(identity);
  }

  /** Whether the line could be scanned to its end; then all that is public here is set. */
  scan(buffer: Buffer, view: DataView, start: number, end: number): boolean {
    this.#view = view;
    this.#end = end;
    this.#line += 1;
    this.values.begin(buffer, view, end);
    this.filled[3 /* INSTANCE */] = 0;
    this.filled[4 /* PRIVACY_EVENT */] = 0;
    this.stages.clear();
    this.tools.clear();
    return view.getUint8(start) === 0x7b /* { */ && this.#object(start + 1, 0 /* ENTRY */) === end;
  }

  /** Behind the closing brace of an object; `from` is behind the opening one. */
  #object(from: number, shape: number): number {
    const view = this.#view;
    let member = this.#openings[shape];
    let at = from;
    while (member !== undefined) {
      let end = member.next.endAt(view, at);
      if (end === -1) end = this.#surprise(member, at);
      if (end === -1) return -1;
      const { constants, leadsTo } = member.next;
      if (constants !== undefined) this.#recall(constants);
      if (leadsTo === undefined) return end;
      at = this.#value(leadsTo, end);
      if (at === -1 || at >= this.#end) return -1;
      member = leadsTo;
    }
    return -1;
  }

  #recall(constants: readonly Constant[]): void {
    for (const { kind, number, place, text } of constants) {
      if (kind === 1 /* NUMBER */) this.values.numbers[place] = number;
      else if (kind === 2 /* TEXT */) this.values.texts[place] = text;
      else this.filled[place] = number;
    }
  }

  /** Behind what follows a member, where that is not what is expected. */
  #surprise(member: Member, from: number): number {
    const expected = member.next;
    const end = member.swap().endAt(this.#view, from);
    return end === -1 ? this.#learn(member, from, expected.differenceAt(this.#view, from)) : end;
  }

  /** The same, part by part; it is expected from now on. `difference` is where it was another byte. */
  #learn(origin: Member, from: number, difference: number): number {
    const view = this.#view;
    const constants: Constant[] = [];
    let isFirst = this.#openings[origin.shape] === origin;
    let at = from;
    let leadsTo: Member | undefined;
    for (;;) {
      const byte = view.getUint8(at);
      if (byte === 0x7d /* } */) break;
      if (!isFirst && byte !== 0x2c /* , */) return -1;
      const member = this.#memberAt(isFirst ? at : at + 1, origin.shape);
      at = this.#valueAt;
      if (at === -1) return -1;
      isFirst = false;
      leadsTo = member;
      if (member?.varies) break;
      const end = member ? this.#value(member, at) : endOfValue(view, at, this.#end);
      if (end === -1 || end >= this.#end) return -1;
      if (difference >= at && difference <= end) member?.noteChange(this.#line);
      if (member?.varies) break;
      if (member) this.#keep(member, constants);
      at = end;
      leadsTo = undefined;
    }
    if (leadsTo === undefined) at += 1;
    const stretch = origin.next;
    stretch.learn(view, from, at);
    stretch.leadsTo = leadsTo;
    stretch.constants = constants.length > 0 ? constants : undefined;
    return at;
  }

  /** Adds a member to those that a stretch stands for. */
  #keep({ kind, place }: Member, constants: Constant[]): void {
    if (kind === 0 /* SKIP */) return;
    const { numbers, texts } = this.values;
    constants.push({
      kind,
      place,
      number: (kind === 5 /* LIST */ ? this.filled[place] : numbers[place]) ?? 0,
      text: kind === 2 /* TEXT */ ? (texts[place] ?? null) : null,
    });
  }

  /** A key with an escape could be any key: such a line is given up. */
  #memberAt(at: number, shape: number): Member | undefined {
    const view = this.#view;
    this.#valueAt = -1;
    if (view.getUint8(at) !== 0x22 /* " */) return undefined;
    const end = endOfString(view, at + 1, this.#end);
    if (end === -1 || view.getUint8(end) !== 0x3a /* : */) return undefined;
    for (let each = at + 1; each < end; each += 1) {
      if (view.getUint8(each) === 0x5c /* \ */) return undefined;
    }
    this.#valueAt = end + 1;
    return this.#tables[shape]?.find(view, at, end + 1);
  }

  #value(member: Member, at: number): number {
    const { place } = member;
    switch (member.kind) {
      case 1 /* NUMBER */:
        return this.values.number(at, place);
      case 2 /* TEXT */:
        return this.values.text(at, member);
      case 3 /* RUN_ID */:
        return this.values.runId(at);
      case 4 /* RECORDED_AT */:
        return this.values.recordedAt(at);
      case 5 /* LIST */:
        return this.#list(at, place);
      default:
        return endOfValue(this.#view, at, this.#end);
    }
  }

  #list(from: number, shape: number): number {
    const view = this.#view;
    this.filled[shape] = 0;
    if (shape === 1 /* STAGE */) this.stages.clear();
    else if (shape === 2 /* TOOL */) this.tools.clear();
    if (view.getUint8(from) !== 0x5b /* [ */) return endOfValue(view, from, this.#end);
    if (view.getUint8(from + 1) === 0x5d /* ] */) return from + 2;
    this.filled[shape] = 1;
    let at = from;
    do {
      at += 1;
      if (view.getUint8(at) !== 0x7b /* { */) at = endOfValue(view, at, this.#end);
      else if (shape === 1 /* STAGE */) at = this.#stage(at);
      else if (shape === 2 /* TOOL */) at = this.#tool(at);
      else at = this.#object(at + 1, shape);
      if (at === -1 || at >= this.#end) return -1;
    } while (view.getUint8(at) === 0x2c /* , */);
    return view.getUint8(at) === 0x5d /* ] */ ? at + 1 : -1;
  }

  #stage(at: number): number {
    const { numbers, texts } = this.values;
    this.values.beginStage();
    const end = this.#object(at + 1, 1 /* STAGE */);
    const id = texts[5 /* STAGE_ID */];
    if (end === -1 || !isText(id)) return end;
    const stage = this.stages.next();
    if (stage === undefined) return -1;
    stage.set(id, texts[6 /* STAGE_STATUS */] ?? '', numbers);
    return end;
  }

  #tool(at: number): number {
    const { numbers, texts } = this.values;
    this.values.beginTool();
    const end = this.#object(at + 1, 2 /* TOOL */);
    const name = texts[7 /* TOOL_NAME */];
    if (end === -1 || !isText(name)) return end;
    const tool = this.tools.next();
    if (tool === undefined) return -1;
    tool.set(name, numbers);
    return end;
  }
}
