import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const CHUNK_BYTES = 256 * 1024;

/** Reads bytes of a file at an offset into a view; 0 at its end. */
export type ReadAt = (view: Uint8Array, position: number) => number;

/**
 * What a gzip file unpacks to, by offset. It is read from front to back: going back means to unpack anew
 * from the beginning. It holds a few hundred kilobytes, however large the content.
 */
export class GunzipReader implements Disposable {
  readonly #readAt: ReadAt;
  #stream: Unpacking | undefined;
  /** The piece that was unpacked last, and where its content begins. */
  #piece: Buffer = Buffer.alloc(0);
  #pieceOffset = 0;

  constructor(readAt: ReadAt) {
    this.#readAt = readAt;
  }

  /** Fills a part of the view, 0 at the end of the content. One call at a time. */
  async read(view: Uint8Array, position: number): Promise<number> {
    if (position < this.#pieceOffset) this[Symbol.dispose]();
    while (position >= this.#pieceOffset + this.#piece.byteLength) {
      const next = await this.#next();
      if (!next) return 0;
      this.#pieceOffset += this.#piece.byteLength;
      this.#piece = next;
    }
    const start = position - this.#pieceOffset;
    return this.#piece.copy(
      view,
      0,
      start,
      Math.min(start + view.byteLength, this.#piece.byteLength),
    );
  }

  async #next(): Promise<Buffer | undefined> {
    this.#stream ??= unpack(this.#readAt);
    try {
      return (await this.#stream.pieces.next()).value;
    } catch (error) {
      // What has failed once would next time look like the end of the content.
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#stream?.stop();
    this.#stream = undefined;
    this.#piece = Buffer.alloc(0);
    this.#pieceOffset = 0;
  }
}

interface Unpacking {
  readonly pieces: AsyncIterator<Buffer, undefined>;
  stop(): void;
}

function unpack(readAt: ReadAt): Unpacking {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const packed = Readable.from(packedPieces(readAt), { objectMode: false, highWaterMark: 1 });
  // An error of either ends both, and the iteration below throws it.
  pipeline(packed, gunzip, () => undefined);
  return {
    pieces: gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>,
    stop: () => gunzip.destroy(),
  };
}

function* packedPieces(readAt: ReadAt): Generator<Buffer> {
  for (let position = 0; ;) {
    // A new one each time: the stream may still hold the one before.
    const piece = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readAt(piece, position);
    if (count === 0) return;
    position += count;
    yield piece.subarray(0, count);
  }
}
