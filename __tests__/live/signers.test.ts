/**
 * Compares what botocore, boto3, the AWS CLI and curl send with what axios and this package send for the same request,
 * canonical request by canonical request, as the strict verifier reads both off the wire.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { expectAgreement } from './signers/agreement.js';
import { differencesOf, findDifferences } from './signers/allowed-differences.js';
import { findInabilities, inabilitiesOf, type Inability } from './signers/inabilities.js';
import { packages, readVersions, signerNames, type SignerName } from './signers/installed-signers.js';
import { recordedForAxios, tableForAxios, type OurRequest } from './signers/our-signatures.js';
import { boto3Calls, cliCommands, sendByBoto3, sendByCli } from './signers/recorded-calls.js';
import { startRecorder, type Recorder } from './signers/recorder.js';
import { requestTable } from './signers/request-table.js';
import { readSigned, type SignedOnTheWire } from './signers/signed-on-the-wire.js';
import { sendByBotocore, sendByCurl, type Arrived } from './signers/table-signers.js';

const versions = readVersions();
const missing = signerNames.filter((name) => versions[name] === undefined);

let recorder: Recorder;
beforeAll(async () => {
  recorder = await startRecorder();
});
afterAll(async () => {
  await recorder.close();
  for (const name of missing) {
    process.stderr.write(`${name} DID NOT RUN: ${packages[name]} could not be had. This run proves less.\n`);
  }
});

it('has all signers, or this is not CI', () => {
  expect(process.env['CI'] === 'true' ? missing : []).toStrictEqual([]);
});

it('has a hundred requests and more to compare', () => {
  const comparable = requestTable.filter((request) => findInabilities('curl', request).length === 0);
  expect(comparable.length).toBeGreaterThanOrEqual(100);
});

compareTable('botocore', () => sendByBotocore(recorder, requestTable));

compareTable('curl', async () => {
  const arrived: Arrived[] = [];
  for (const request of requestTable) arrived.push(...(await sendByCurl(recorder, request)));
  return arrived;
});

compareCalls(
  'boto3',
  boto3Calls.map(([service, operation, parameters]) => `${service}.${operation}(${JSON.stringify(parameters)})`),
  () => sendByBoto3(recorder),
);

compareCalls(
  'AWS CLI',
  cliCommands.map((command) => command.join(' ')),
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signers-'));
    writeFileSync(join(folder, 'body.bin'), Buffer.from([0, 1, 0x80, 0xff]));
    const arrived: Arrived[] = [];
    try {
      for (const command of cliCommands) arrived.push(...(await sendByCli(recorder, command, folder)));
    } finally {
      rmSync(folder, { recursive: true });
    }
    return arrived;
  },
);

/** A request of theirs that arrives, and what axios is told for it. */
interface Subject {
  readonly name: string;
  readonly forAxios: (theirs: SignedOnTheWire) => OurRequest;
  readonly inabilities: readonly Inability[];
}

type Send = () => Promise<readonly Arrived[]>;

/** By the table both are told the requests. */
function compareTable(signer: 'botocore' | 'curl', send: Send): void {
  const subjects = requestTable.map((request): Subject => ({
    name: request.name,
    forAxios: () => tableForAxios(request),
    inabilities: findInabilities(signer, request),
  }));
  compare(signer, subjects, send);
}

/** What comes of a call is told to axios by what was sent. */
function compareCalls(signer: 'boto3' | 'AWS CLI', names: readonly string[], send: Send): void {
  const subjects = names.map((name): Subject => ({ name, forAxios: recordedForAxios, inabilities: [] }));
  compare(signer, subjects, send);
}

function compare(signer: SignerName, subjects: readonly Subject[], send: Send): void {
  const version = versions[signer];
  (version === undefined ? describe.skip : describe)(`${signer} ${version ?? '(could not be had)'}`, () => {
    const indexed = subjects.map((subject, index) => ({ ...subject, index }));
    const comparable = indexed.filter((subject) => subject.inabilities.length === 0);
    const leftOut = indexed.filter((subject) => subject.inabilities.length > 0);
    const compared: (readonly string[])[] = [];
    let arrived: readonly Arrived[] = [];
    const theirs = ({ index }: { readonly index: number }): SignedOnTheWire => {
      const request = arrived[index];
      if (request === undefined) throw new Error('It did not arrive');
      return readSigned(request);
    };

    beforeAll(async () => {
      arrived = await send();
    });

    it('sends one request for each', () => {
      expect(arrived.length).toBe(subjects.length);
    });

    for (const subject of comparable) {
      it(`agrees: ${subject.name}`, async () => {
        expect(theirs(subject).verdict).toMatchObject({ ok: true, ...arrived[subject.index]?.ownWords });
        compared.push(await expectAgreement(signer, recorder, theirs(subject), subject.forAxios(theirs(subject))));
      });
    }

    for (const subject of leftOut) {
      const names = subject.inabilities.map(({ name }) => name).join(', ');
      it(`is refused: ${subject.name} (${names})`, () => {
        const { verdict } = theirs(subject);
        expect(subject.inabilities.map(({ refusedAs }) => refusedAs)).toContain(verdict.ok ? 'accepted' : verdict.code);
      });
    }

    it('shows each difference that is allowed, and each inability by itself', () => {
      const differences = comparable.flatMap((subject) => findDifferences(signer, theirs(subject)));
      expect(new Set(differences)).toStrictEqual(new Set(differencesOf(signer)));
      const alone = leftOut.flatMap((subject) => (subject.inabilities.length === 1 ? subject.inabilities : []));
      expect(new Set(alone)).toStrictEqual(new Set(inabilitiesOf(signer)));
    });

    afterAll(() => {
      const summary = summarize(compared);
      const rest = `${String(leftOut.length)} left out, which it cannot sign`;
      process.stderr.write(`${signer} ${version ?? ''}: ${summary}; ${rest}.\n`);
      if (version === undefined || compared.length < comparable.length) return;
      recordCompatibility({ section: 'signers', name: `${signer} (${packages[signer]})`, version, shown: summary });
    });
  });
}

/** @param compared the differences of each request */
function summarize(compared: readonly (readonly string[])[]): string {
  const times = new Map<string, number>();
  for (const name of compared.flat()) times.set(name, (times.get(name) ?? 0) + 1);
  const same = compared.filter((differences) => differences.length === 0).length;
  return [
    `${String(compared.length)} requests compared`,
    `${String(same)} with the same canonical request and signature`,
    ...Array.from(times, ([name, count]) => `${String(count)} but for the ${name}`),
  ].join(', ');
}
