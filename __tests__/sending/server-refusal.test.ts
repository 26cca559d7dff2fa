/** What is read of a refusal: AWS's code, words and time, in each of its protocols. */
import { AxiosHeaders, type AxiosResponse } from 'axios';
import { readDetails } from '../../lib/sending/refusal-details.js';
import { isMarked } from '../../lib/sending/refusal-marks.js';
import { readRefusal } from '../../lib/sending/server-refusal.js';

const answer = (data: unknown, headers = {}): AxiosResponse<unknown> => ({
  status: 403,
  statusText: '',
  headers,
  data,
  config: { headers: new AxiosHeaders() },
});
const inError = (text: string): string => `<Error>${text}</Error>`;
const CODE = '<Code>ExpiredToken</Code>';

type Read = readonly [code: string | undefined, message: string];
const NOTHING: Read = [undefined, ''];

it.each<[string, string, unknown, Read]>([
  ['code and words', 's3', inError(`${CODE}<Message>It has ended.</Message>`), ['ExpiredToken', 'It has ended.']],
  ['a code alone', 's3', inError(CODE), ['ExpiredToken', '']],
  ['words alone', 's3', inError('<Message>No.</Message>'), [undefined, 'No.']],
  ['an error that is empty', 's3', inError(''), NOTHING],
  ['an error in a namespace', 's3', `<Error xmlns="https://s3.example/">${CODE}</Error>`, ['ExpiredToken', '']],
  ['white space around a code', 's3', inError('<Code>\n  ExpiredToken\n</Code>'), ['ExpiredToken', '']],
  ['white space before XML', 'sts', `\n\t ${inError(CODE)}`, ['ExpiredToken', '']],
  ['a code before the error', 'sts', `<Errors><Code>Other</Code>${inError(CODE)}</Errors>`, ['ExpiredToken', '']],
  ['a code behind the error', 'sts', `<Response>${inError('')}${CODE}</Response>`, NOTHING],
  ['an element of a like name', 'sts', `<Errors kind="x">${CODE}</Errors>`, NOTHING],
  ['JSON from S3', 's3', '{"code":"ExpiredToken"}', NOTHING],
  ['an object from S3', 's3', { code: 'ExpiredToken' }, NOTHING],
  ['JSON that was parsed', 'sts', { __type: 'a.b#ExpiredToken', message: 'No.' }, ['ExpiredToken', 'No.']],
  ['JSON of the query protocols', 'sts', { Error: { Code: 'ExpiredToken', Message: 'No.' } }, ['ExpiredToken', 'No.']],
  ['capital letters', 'sts', '{"Code":"ExpiredToken","Message":"No."}', ['ExpiredToken', 'No.']],
  ['what is no text', 'sts', '{"code":5,"message":{"a":1}}', NOTHING],
  ['an error that is text', 'sts', '{"Error":"ExpiredToken"}', NOTHING],
  ['a code that is all prefix', 'sts', '{"code":":ExpiredToken"}', NOTHING],
  ['JSON that ends early', 'sts', '{"code":"ExpiredToken"', NOTHING],
  ...[null, undefined, 5, true, [], '', 'null', '5', '[]', '"code"'].map((data): [string, string, unknown, Read] => [
    `no object: ${JSON.stringify(data)}`,
    'sts',
    data,
    NOTHING,
  ]),
])('%s of %s', async (_, service, data, [code, message]) => {
  expect(await readRefusal(answer(data), service)).toMatchObject({ status: 403, code, message, serverMs: undefined });
});

it('a code in a header comes before that of the body, whose words count', async () => {
  const headers = { 'X-Amzn-ErrorType': 'ExpiredToken:http://internal.amazon.com/coral/' };
  const read = await readRefusal(answer('{"code":"Other","message":"No."}', headers), 'execute-api');
  expect(read).toMatchObject({ code: 'ExpiredToken', message: 'No.' });
});

const TOLD = Date.UTC(2024, 1, 28, 23, 59, 30);
it.each<[string, string, string, number | undefined]>([
  ['ServerTime', 's3', inError('<ServerTime>2024-02-28T23:59:30Z</ServerTime>'), TOLD],
  ['no date as ServerTime', 's3', inError('<ServerTime>now</ServerTime>'), undefined],
  ['words with a sum', 'sts', '{"message":"not yet current: x (20240228T235930Z + 5 min.)"}', TOLD],
  ['words with a difference', 'sts', '{"message":"expired: x (20240228T235930Z - 15 min.)"}', TOLD],
  ['words with another date', 'sts', '{"message":"expired: 20240228T235930Z - 5 min."}', undefined],
])('%s of %s tells the time', async (_, service, data, serverMs) => {
  expect(await readRefusal(answer(data), service)).toMatchObject({ serverMs });
});

describe('of an answer of whatever size', () => {
  /** An array whose elements are counted as they are read, and all of whose names nobody may ask for. */
  function countReads(elements: readonly unknown[]): { readonly data: unknown; readonly reads: () => number } {
    let reads = 0;
    const data = new Proxy(elements, {
      ownKeys: () => {
        throw new Error('All names were asked for');
      },
      get: (target, name): unknown => {
        reads += 1;
        return Reflect.get(target, name);
      },
    });
    return { data, reads: () => reads };
  }

  it.each([
    ['an array', (data: unknown) => data],
    ['an array in an object', (data: unknown) => ({ Error: data, data })],
    ['an array in an array', (data: unknown) => [data]],
  ])('%s is read no further than a refusal is long', async (_, wrap) => {
    const { data, reads } = countReads(Array.from({ length: 1_000_000 }, (__, i) => i));
    const read = await readRefusal(answer(wrap(data)), 'dynamodb');
    expect(read).toMatchObject({ code: undefined, message: '' });
    expect(isMarked(read)).toBe(false);
    expect(readDetails(read)).toMatchObject({ code: undefined, message: { text: '' } });
    expect(reads()).toBeLessThan(5000);
  });

  it('the beginning of a text is read, as that of a body is', async () => {
    const text = 'x'.repeat(1_000_000);
    const read = await readRefusal(
      answer({ __type: `a#${text}`, message: text, more: `${text}Signature` }),
      'dynamodb',
    );
    expect(read.code).toHaveLength(2 ** 16 - 'a#'.length);
    expect(read.message).toHaveLength(2 ** 16);
    expect(isMarked(read)).toBe(false);
    expect(isMarked({ ...read, data: { more: `Signature${text}` } })).toBe(true);
    const { message } = readDetails(read);
    expect(message).toStrictEqual({ text: text.slice(0, 2 ** 16), isWhole: false });
    expect(readDetails({ ...read, data: { message: 'x' } }).message).toStrictEqual({ text: 'x', isWhole: true });
  });

  it('of many long texts so many are searched for the marks of a refused signature as a refusal may have', async () => {
    const texts = Array.from({ length: 100 }, () => 'x'.repeat(2 ** 16));
    const read = await readRefusal(answer(texts), 'dynamodb');
    expect(isMarked({ ...read, data: [...texts.slice(0, 7), 'Signature'] })).toBe(true);
    expect(isMarked({ ...read, data: [...texts, 'Signature'] })).toBe(false);
  });
});
