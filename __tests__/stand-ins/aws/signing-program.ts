/** The program of a signing process: sends a signed request for each message, and answers with what came of it. */
import { sendSignedRequest } from './signed-request.js';

export interface SigningOrder {
  readonly url: string;
  /** Environment variables that come to be before the request. */
  readonly environment: Readonly<Record<string, string>>;
}

process.on('message', ({ url, environment }: SigningOrder) => {
  Object.assign(process.env, environment);
  void sendSignedRequest(url).then((outcome) => process.send?.(outcome));
});
