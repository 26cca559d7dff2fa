/**
 * Runs a bundle in the shell of an engine, and does what native code does for it: sends requests, and keeps the time.
 * `node native.mjs ENGINE EXECUTABLE BUNDLE OPTIONS`
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [, , engine, executable, bundle, options] = process.argv;

// Hermes evaluates each line that it is given; JavaScriptCore has to be told to read one.
const pump = 'function pump() { const line = readline(); if (line) { (0, eval)(line); setShellTimeout(pump, 0); } }';
const starts = {
  hermes: { args: [], lines: [`(0, eval)(${JSON.stringify(readFileSync(bundle, 'utf8'))}); 0`] },
  jsc: {
    args: [
      '-e',
      `const setShellTimeout = setTimeout; load(${JSON.stringify(bundle)}); ${pump} setShellTimeout(pump, 0);`,
    ],
    lines: [],
  },
};
const { args, lines } = starts[engine];
const shell = spawn(executable, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const evaluate = (line) => shell.stdin.write(`${line}\n`);

/** As native code does, redirects are followed with the first request's headers; to another host without Authorization. */
function transmit({ id, method, url, headers, body = '' }) {
  const request = http.request(url, { method, headers }, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () => {
      const { statusCode: status, headers: received } = response;
      if (status === 307) {
        const next = new URL(received.location, url);
        const { authorization, ...others } = headers;
        const isSame = next.origin === new URL(url).origin;
        transmit({ id, method, url: next.href, headers: isSame ? { ...others, authorization } : others, body });
        return;
      }
      const answer = { status, headers: received, url, body: Buffer.concat(chunks).toString('base64') };
      evaluate(`native.answer(${id}, ${JSON.stringify(answer)})`);
    });
  });
  request.end(Buffer.from(body, 'base64'));
}

for (const line of lines) evaluate(line);
if (options !== undefined) evaluate(`native.run(${options}); 0`);
for await (const line of createInterface({ input: shell.stdout })) {
  const start = line.indexOf('@@');
  if (start === -1) {
    if (/error/i.test(line)) console.error(line);
    continue;
  }
  const message = JSON.parse(line.slice(start + 2));
  if (message.request !== undefined) transmit(message.request);
  else if (message.timer !== undefined) setTimeout(() => evaluate(`native.fire(${message.timer})`), message.ms).unref();
  else {
    console.log(JSON.stringify(message));
    break;
  }
}
shell.kill();
process.exit();
