/** Bytes at positions, such as a file. */
export interface ByteSource {
  /**
   * Fills the view, or the front of it, with what lies at the position, and says how many bytes came: 0
   * at the end and only there. A source that can answer at once does so without a promise.
   */
  read(view: Uint8Array, position: number): number | Promise<number>;
}
