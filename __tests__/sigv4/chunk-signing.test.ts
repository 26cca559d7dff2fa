/** Signatures of chunks, trailers and events, one by one: AWS's worked examples, and those of aws-c-auth. */
import { signChunk, signEvent, SigningKey, signRequest, signTrailer } from '../../lib/sigv4/index.js';
import * as stream from '../../fixtures/event-stream.json';
import * as uploads from '../../fixtures/chunked-uploads.json';

const date = new Date(uploads.date);
const signingKey = new SigningKey(uploads.credentials.secretAccessKey, {
  date,
  region: uploads.region,
  service: 's3',
});

it.each([
  ['signed', uploads.signed],
  ['signedWithTrailer', uploads.signedWithTrailer],
])('signs each chunk over the one before it: %s', (_, { seedSignature, chunks }) => {
  let previousSignature = seedSignature;
  for (const { bytes, signature, stringToSign } of chunks) {
    expect(signingKey.sign(stringToSign)).toBe(signature);
    previousSignature = signChunk('a'.repeat(bytes), { signingKey, date, previousSignature });
    expect(previousSignature).toBe(signature);
  }
});

describe('trailers', () => {
  const { chunks, trailers, trailerSignature } = uploads.signedWithTrailer;
  const chain = { signingKey, date, previousSignature: chunks.at(-1)?.signature ?? '' };

  it('are signed over the last chunk', () => {
    expect(signTrailer(Object.fromEntries(trailers), chain)).toBe(trailerSignature);
  });

  it('are signed in lower case, and trimmed', () => {
    expect(signTrailer({ 'X-Amz-Checksum-CRC32C': ' sOO8/Q== ' }, chain)).toBe(trailerSignature);
  });

  it('are signed in the order of their names', () => {
    const { previousSignature, signature, trailers: three } = uploads.threeTrailers;
    expect(signTrailer(Object.fromEntries(three), { ...chain, previousSignature })).toBe(signature);
    expect(signTrailer(Object.fromEntries(three.toReversed()), { ...chain, previousSignature })).toBe(signature);
  });
});

describe('an event stream', () => {
  const toDate = (amzDate: string): Date =>
    new Date(amzDate.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const { credentials, region, service } = stream;
  const key = new SigningKey(credentials.secretAccessKey, { date: toDate(stream.date), region, service });

  it('has the head of aws-c-auth', () => {
    const { trace } = signRequest(
      {
        method: 'POST',
        url: 'https://demo.us-east-1.amazonaws.com/streaming',
        headers: {
          'content-encoding': 'application/vnd.amazon.eventstream',
          'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-EVENTS',
        },
      },
      { credentials, region, service, date: toDate(stream.date), signedHeaders: ['content-encoding'] },
    );
    expect(trace.canonicalRequest).toBe(stream.canonicalRequest);
    expect(trace.stringToSign).toBe(stream.stringToSign);
    expect(trace.signature).toBe(stream.seedSignature);
  });

  it('has the events of aws-c-auth, each over the one before it', () => {
    let previousSignature = stream.seedSignature;
    for (const event of stream.events) {
      expect(key.sign(event.stringToSign)).toBe(event.signature);
      previousSignature = signEvent(event.payload, {
        signingKey: key,
        date: toDate(event.date),
        previousSignature,
      });
      expect(previousSignature).toBe(event.signature);
    }
  });
});
