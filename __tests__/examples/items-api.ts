/** The API that several examples call: it verifies what is signed, keeps what is posted, and gives it back. */
import type { ReceivedRequest, Verdict, VerifyingServer } from 'strict-sigv4-verifier';
import { createServer } from '../stand-ins/test-server.js';

// What a browser asks for before; the headers are those that API Gateway's console and the CDK allow by default.
const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'OPTIONS,GET,POST',
  'Access-Control-Allow-Headers': 'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token',
};

export function createItemsApi(): VerifyingServer {
  const items: unknown[] = [];
  const headers = { 'Content-Type': 'application/json', ...cors };
  return createServer({
    // A browser sends it only where it is due.
    requireContentSha256: false,
    respond: ({ method, body }: ReceivedRequest, verdict: Verdict) => {
      if (method === 'OPTIONS') return { status: 204, headers: cors };
      if (!verdict.ok) return undefined;
      if (method === 'GET') return { status: 200, headers, body: JSON.stringify(items) };
      items.push({ id: items.length + 1, ...(JSON.parse(body.toString('utf8')) as object) });
      return { status: 201, headers, body: JSON.stringify(items.at(-1)) };
    },
  });
}

/** Of the requests that arrived, but for a browser's questions: method, target and what was said of the signature. */
export const listArrivals = ({ verifications }: VerifyingServer): readonly string[] =>
  verifications
    .filter(({ request }) => request.method !== 'OPTIONS')
    .map(({ request, verdict }) => `${request.method} ${request.target} ${verdict.ok ? 'accepted' : verdict.code}`);
