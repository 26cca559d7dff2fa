/** A program that sends signed requests under OpenTelemetry; `node traced-client.cjs ORIGIN`, once it is bundled. */
import './tracing.js';
import { createClient, temporary } from '../../stand-ins/test-server.js';

async function send(origin: string): Promise<void> {
  for (const signedHeaders of [[], ['*']]) {
    const client = createClient(origin, { credentials: temporary, signedHeaders });
    await client.get('/items', { params: { tag: 'a b' } });
    await client.post('/items', { name: 'Grüße' });
  }
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const client = createClient(origin, { signedHeaders: ['traceparent'] }, { headers, validateStatus: () => true });
  await client.get('/own');
}

void send(process.argv[2] ?? '');
