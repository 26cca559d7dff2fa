/** A stream of 1 GiB, sent unread from a process of its own: it is in memory piece by piece only. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { createProject, createProjectWithAxios, itWith, ownTools, run, tools } from './project.js';

const MEBIBYTES = 1024;
/** Buffers of both ends and of the garbage collector's come to some 60 MiB; a copy of the body would be 1024. */
const MOST_MEBIBYTES = 256;

/** A server that counts, and is not checked for more: what signs these bodies is tested elsewhere. */
const server = createServer((request, response) => {
  let received = 0;
  request.on('data', (chunk: Buffer) => (received += chunk.length));
  request.on('end', () => response.end(String(received)));
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Report {
  readonly version: string;
  readonly axiosVersion: string;
  readonly received: number;
  readonly grownBy: number;
}

async function upload(project: string, program: string, adapter: string, kind: string): Promise<Report> {
  const printed = await run(project, program, ['upload.mjs', origin, adapter, kind, String(MEBIBYTES)]);
  const report = JSON.parse(printed) as Report;
  expect(report.received).toBe(MEBIBYTES * 1024 * 1024);
  expect(report.grownBy).toBeLessThan(MOST_MEBIBYTES);
  return report;
}

const adapters = ['http', 'fetch'] as const;
const kinds = ['a Node stream', 'a web stream', 'an async generator'] as const;
const all = adapters.flatMap((adapter) => kinds.map((kind): [string, string] => [kind, adapter]));

describe.each(['20.19', '22', '24', '26'])('Node %s', (name) => {
  const program = join(tools, `node-${name}/bin/node`);
  let project: string;
  beforeAll(() => {
    project = createProject(`upload-${name}`);
  });

  itWith(program).each(all)('keeps nothing of %s over the %s adapter', async (kind, adapter) => {
    const { version } = await upload(project, program, adapter, kind);
    const shown = `1 GiB sent unread: memory grows by less than ${String(MOST_MEBIBYTES)} MiB, ${adapter} adapter`;
    recordCompatibility({ section: 'runtimes', name: `Node ${name}`, version, shown });
  });
});

describe.each(['1.7', '1.8', '1.10', '1.12', '1.14', '1.17'])('axios %s', (version) => {
  const folder = [tools, ownTools].map((within) => join(within, `axios-${version}`)).find((each) => existsSync(each));
  let project: string;
  beforeAll(() => {
    project = createProjectWithAxios(`upload-axios-${version}`, folder ?? '');
  });

  it.each(adapters)('keeps nothing of a stream over its %s adapter', async (adapter) => {
    const { axiosVersion } = await upload(project, process.execPath, adapter, 'a Node stream');
    const shown = `${adapter} adapter: 1 GiB sent unread, memory grows by less than ${String(MOST_MEBIBYTES)} MiB`;
    recordCompatibility({ section: 'axios', name: 'axios', version: axiosVersion, shown });
  });
});
