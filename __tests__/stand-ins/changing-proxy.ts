/** A proxy that changes requests on their way, as those in front of real services do; it adds nothing of its own. */
import { once } from 'node:events';
import { request as createRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createRawServer, type HeaderLine, type RawServer, type ReceivedRequest } from 'strict-sigv4-verifier';

/** What of a request goes on. */
export type ForwardedRequest = Pick<ReceivedRequest, 'method' | 'target' | 'headers' | 'body'>;

export type Change = (request: ForwardedRequest) => Partial<ForwardedRequest>;

export interface ChangingProxy extends RawServer {
  /** Where requests go on to. */
  upstream: string;
  /** What is done to each. */
  change: Change;
}

export function createChangingProxy(): ChangingProxy {
  const server = createRawServer(async (received) => {
    const { method, target, headers, body } = received;
    const request = { method, target, headers, body, ...proxy.change({ method, target, headers, body }) };
    const { hostname, port } = new URL(proxy.upstream);
    const framed = setHeader('Content-Length', String(request.body.length))(request);
    const lines = request.body.equals(body) ? request.headers : framed.headers;
    const sending = createRequest({
      hostname,
      port,
      method: request.method,
      path: request.target,
      headers: lines?.flat() ?? [],
      setHost: false,
      agent: false,
    });
    sending.end(request.body);
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    return {
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(response.headers)
          .filter(([name]) => !/^(?:connection|keep-alive|transfer-encoding|content-length)$/.test(name))
          .map(([name, value]) => [name, value ?? '']),
      ),
      body: await buffer(response),
    };
  });
  const proxy: ChangingProxy = { ...server, upstream: '', change: () => ({}) };
  return proxy;
}

const isNamed = (name: string) => (line: HeaderLine) => line[0].toLowerCase() === name.toLowerCase();

/** Puts one header in the place of all of its name, or at the end. */
export function setHeader(name: string, value: string): Change {
  return ({ headers }) => {
    const at = headers.findIndex(isNamed(name));
    const others = headers.filter((line) => !isNamed(name)(line));
    return { headers: at === -1 ? [...others, [name, value]] : others.toSpliced(at, 0, [name, value]) };
  };
}

export function changeHeader(name: string, change: (value: string) => string): Change {
  return ({ headers }) => ({
    headers: headers.map((line) => (isNamed(name)(line) ? ([line[0], change(line[1])] as const) : line)),
  });
}

export function dropHeader(name: string): Change {
  return ({ headers }) => ({ headers: headers.filter((line) => !isNamed(name)(line)) });
}

export function addHeader(name: string, value: string): Change {
  return ({ headers }) => ({ headers: [...headers, [name, value]] });
}

export function changePath(change: (path: string) => string): Change {
  return ({ target }) => {
    const [path = '', ...query] = target.split('?');
    return { target: [change(path), ...query].join('?') };
  };
}

export function changeQuery(change: (query: string) => string): Change {
  return ({ target }) => {
    const at = target.indexOf('?');
    return { target: `${target.slice(0, at)}?${change(target.slice(at + 1))}` };
  };
}
