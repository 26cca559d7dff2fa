/** What is read of a refusal: AWS's code, words and time, in each of its protocols. */
import { AxiosHeaders, type AxiosResponse } from 'axios';
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
