import { isText } from '../entry/members.js';

/** A string of a line that is decoded when it is asked for. */
export class TextSpan {
  #start = 0;
  #end = 0;
  #text: string | undefined = '';

  /** There is no such string. */
  clear(): void {
    this.#text = '';
  }

  /** The string is the ASCII in so many bytes of a buffer. */
  setPlain(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.#text = undefined;
  }

  /** Whether it is ASCII that is the same in the line. */
  get isPlain(): boolean {
    return this.#text === undefined;
  }

  setText(text: string): void {
    this.#text = text;
  }

  /** Whether it is blank, or there is none. */
  isBlank(view: DataView, buffer: Buffer): boolean {
    if (this.#text !== undefined) return !isText(this.#text);
    if (this.#start === this.#end) return true;
    return view.getUint8(this.#start) <= SPACE && !isText(this.decode(buffer));
  }

  decode(buffer: Buffer): string {
    return (this.#text ??= buffer.toString('latin1', this.#start, this.#end));
  }
}

const SPACE = 0x20;
