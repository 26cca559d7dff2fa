/** Sends what was presigned as it stands, byte for byte, without axios. */
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A presigned request. */
export interface PresignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Neither the path nor the query of a URL is respelled. */
export function sendUrl({ method, url, headers }: PresignedRequest, body?: Buffer | string): Promise<Answer> {
  const [, host = '', path = ''] = /^http:\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const [hostname, port] = host.split(':');
  const lines = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]);
  return new Promise((resolve, reject) => {
    const sent = request({
      method,
      hostname,
      port,
      path,
      headers: Object.fromEntries(lines) as Record<string, string>,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      buffer(response).then((bytes) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes });
      }, reject);
    });
    sent.end(body);
  });
}

/** The status and S3's code, as `answerTo` of s3-client.ts has them. */
export function describeSent({ status, body }: Answer): string {
  const [, code = ''] = /<Code>([^<]*)<\/Code>/.exec(body.toString('utf8')) ?? [];
  return `${String(status)} ${code}`.trimEnd();
}
