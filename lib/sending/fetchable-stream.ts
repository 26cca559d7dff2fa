/** Streams as fetch takes them: of the web, and such that the answer may come before they end. */
import type { AdapterName } from '../request/adapter-name.js';
import { createWebStream, isNodeStream } from '../request/stream.js';

/**
 * A body in the form in which the adapter is given it. The fetch of Node 20 to 24 reads a stream of Node by itself, and
 * where that ends after the request was answered, it throws what nobody can catch, which ends the process: it closes a
 * stream that is closed already.
 */
export function toFetchable(data: unknown, adapterName: AdapterName): unknown {
  if (adapterName !== 'fetch' || !isNodeStream(data) || typeof ReadableStream !== 'function') return data;
  const chunks = data[Symbol.asyncIterator]?.();
  if (chunks === undefined) return data;
  return createWebStream(
    () => chunks.next(),
    () => data.destroy?.(),
  );
}
