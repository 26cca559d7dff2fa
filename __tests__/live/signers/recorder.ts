/** A loopback server that all signers send to, and that tells what arrived from each. */
import { createRawServer, headerValues, type RawResponse, type ReceivedRequest } from 'strict-sigv4-verifier';

export interface Recorder {
  readonly origin: string;
  /** What arrives while something is sent; nothing else may be sent at that time. */
  readonly capture: (send: () => Promise<unknown>) => Promise<readonly ReceivedRequest[]>;
  readonly close: () => Promise<void>;
}

export async function startRecorder(): Promise<Recorder> {
  const server = createRawServer(answer);
  const { origin } = await server.start();
  return {
    origin,
    capture: async (send) => {
      const before = server.requests.length;
      await send();
      return server.requests.slice(before);
    },
    close: async () => {
      await server.close();
      if (server.failures.length > 0) throw new Error(`The recorder could not read: ${server.failures.join('; ')}`);
    },
  };
}

/** So much that the client of a service takes it for an answer: those of the query protocol look for a result in it. */
function answer({ headers, body }: ReceivedRequest): RawResponse {
  const [contentType = ''] = headerValues(headers, 'content-type');
  const [, action] = /^Action=(\w+)&/.exec(body.toString('latin1', 0, 100)) ?? [];
  if (action !== undefined) return { status: 200, body: `<${action}Response><${action}Result/></${action}Response>` };
  return { status: 200, body: contentType.startsWith('application/x-amz-json') ? '{}' : '' };
}
