/**
 * What the pure folders may use beside ECMAScript itself: the few globals that
 * every browser, worker and Node >= 20 have alike. `tsconfig.pure.json` checks
 * src/profile, src/wire and src/formats against this list instead of the DOM.
 */

declare function atob(data: string): string;
declare function btoa(data: string): string;

declare class TextDecoder {
  constructor(
    label?: string,
    options?: { fatal?: boolean; ignoreBOM?: boolean }
  );
  decode(
    input?: ArrayBufferView | ArrayBuffer,
    options?: { stream?: boolean }
  ): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

/** The part of the Streams standard that unpacking a gzip column needs. */
interface ReadableStreamDefaultReader<T> {
  read(): Promise<{ done: false; value: T } | { done: true; value?: T }>;
  cancel(reason?: unknown): Promise<void>;
}
interface ReadableStream<T> {
  getReader(): ReadableStreamDefaultReader<T>;
  pipeThrough<R>(pair: {
    readable: ReadableStream<R>;
    writable: WritableStream<T>;
  }): ReadableStream<R>;
}
interface WritableStreamDefaultWriter<T> {
  write(chunk: T): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}
interface WritableStream<T> {
  getWriter(): WritableStreamDefaultWriter<T>;
}
declare class DecompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<BufferSource>;
}
declare class CompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<BufferSource>;
}
type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;

declare class Blob {
  constructor(parts?: (BufferSource | string)[], options?: { type?: string });
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}
declare class Response {
  constructor(
    body?: ReadableStream<Uint8Array<ArrayBuffer>> | BufferSource | string
  );
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}
