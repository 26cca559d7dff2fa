/**
 * The program of a network namespace whose loopback device has the address of the container endpoint, 169.254.170.2:
 * endpoint, verifier and client are all in it, and what it prints says how they got on.
 */
import { connect, createServer as createTcpServer } from 'node:net';
import { createVerifier, listAccepted, under, type Shown } from './acceptance.js';
import { createContainerCredentials } from './container-credentials.js';
import { createTemporarySet } from './credential-set.js';
import { sendSignedRequest, type Outcome } from './signed-request.js';

export interface LinkLocalReport {
  readonly issued: Shown;
  readonly accepted: readonly Shown[];
  readonly outcome: Outcome;
}

const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path = '', AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization = '' } =
  process.env;
const set = createTemporarySet('LINKLOCAL');
const verifier = createVerifier([set]);
const endpoint = createContainerCredentials({ path, authorization, issue: () => set });
const [{ port }, { origin }] = await Promise.all([endpoint.start(), verifier.start()]);
const forwarder = createTcpServer((socket) => {
  socket.pipe(connect(port, '127.0.0.1')).pipe(socket);
});
await new Promise<void>((resolve, reject) => {
  forwarder.once('error', reject).listen(80, '169.254.170.2', resolve);
});

const outcome = await sendSignedRequest(origin);
const report: LinkLocalReport = { issued: under(set), accepted: listAccepted(verifier), outcome };
process.stdout.write(JSON.stringify(report), () => process.exit());
