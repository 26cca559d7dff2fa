/** Every parser, with any text and with text that is almost right: it answers or refuses, and never does anything else. */
import fc from 'fast-check';
import { percentDecode, uriEncode } from 'strict-sigv4-verifier';
import { Aws4AuthError, DateFormatError, parseAwsHostname, parseRequestDate } from '../../lib/index.js';
import { encodeText } from '../../lib/request/charset.js';
import { parseOffsets, parseSettingsFile } from '../../lib/time/libfaketime.js';
import { readAnswerDate } from '../../lib/sending/answer-date.js';
import { readRefusal } from '../../lib/sending/server-refusal.js';
import { readDate } from '../../lib/time/request-date.js';
import { canonicalizeHeaderValue, createCanonicalQuery, splitUrl } from '../../lib/sigv4/canonical-request.js';
import { isStrictQuery, recodeRfc3986 } from '../../lib/sigv4/encoding.js';
import { checkAll, hostileText, jsonLike, mutate } from '../bad-input/generated.js';

const isInstance = (error: unknown, code: string) => error instanceof Aws4AuthError && error.code === code;

/** What a function gives; `undefined` where it refuses with this code. */
function unlessRefused<T>(code: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (!isInstance(error, code)) throw error;
    return undefined;
  }
}

describe('dates', () => {
  const written = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  const formats = written.chain((date) =>
    fc.constantFrom(
      date.toISOString(),
      date.toUTCString(),
      date.toISOString().replace(/[-:]|\.\d+/g, ''),
      date.toISOString().replace('Z', '+02:00'),
      `${date.toUTCString().slice(0, 3)} ${date.toUTCString().slice(8, 11)} 05 12:36:00 ${date.toISOString().slice(0, 4)}`,
    ),
  );

  it('are moments, or refused', async () => {
    await checkAll(fc.oneof(mutate(formats), hostileText, fc.anything()), (text) => {
      const ms = readDate(text);
      expect(ms === undefined || Number.isFinite(ms)).toBe(true);
      if (ms === undefined) expect(() => parseRequestDate(text as string)).toThrow(DateFormatError);
      else expect(parseRequestDate(text as string).getTime()).toBe(ms);
    });
  });

  it('are what Date itself reads', async () => {
    await checkAll(written, (date) => {
      expect(parseRequestDate(date.toISOString())).toStrictEqual(date);
      expect(parseRequestDate(date.toUTCString()).getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
    });
  });
});

it('hostnames tell a service and region that can be signed for, or nothing', async () => {
  const label = fc.constantFrom(
    ...['s3', 'eu-west-1', 'fips', 'dualstack', 'vpce', 'vpce-1', 'global', 'execute-api', 'us-gov', 'a', '-', '', '_'],
    ...[
      'amazonaws',
      'com',
      'cn',
      'on',
      'aws',
      'api',
      'iam',
      '123456789012',
      'linodeobjects',
      's3-eu-west-1',
      '$1',
      '$&',
    ],
  );
  const hostname = fc
    .array(fc.oneof({ weight: 9, arbitrary: label }, hostileText), { maxLength: 8 })
    .map((labels) => labels.join('.'));
  const suffixed = fc.tuple(hostname, fc.constantFrom('', '.', ':443', ':', '.amazonaws.com', '.api.aws'));
  await checkAll(
    suffixed.map((parts) => parts.join('')),
    (text) => {
      const named = parseAwsHostname(text);
      if (named === undefined) return;
      expect(named.service).toMatch(/^[A-Za-z0-9.-]+$/);
      expect(named.region).toMatch(named.algorithm ? /^\*$/ : /^[a-z0-9-]+$/);
    },
  );
});

/** The pairs of a query as bytes, by the verifier's own decoder, in order. */
function listPairs(query: string): string[] {
  const toBytes = (text: string): string => percentDecode(Buffer.from(text).toString('latin1'));
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return `${uriEncode(toBytes(name))}=${uriEncode(toBytes(value.join('=')))}`;
    })
    .sort();
}

describe('queries', () => {
  const piece = fc.oneof(
    hostileText,
    fc.constantFrom('&', '=', '%', '+', '%2', '%C3', '%zz', '%3D', '%26', 'a', ';', '?'),
  );
  const query = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  it('keep their pairs, sorted and in the one spelling', async () => {
    await checkAll(query, (text) => {
      const canonical = createCanonicalQuery(text);
      expect([...canonical.split('&').filter(Boolean)].sort()).toStrictEqual(listPairs(text));
      expect(createCanonicalQuery(canonical)).toBe(canonical);
      expect(canonical === '' || isStrictQuery(canonical)).toBe(true);
    });
  });

  it('are strict only where encoding them again changes nothing', async () => {
    await checkAll(query, (text) => {
      const spelled = text.split('&').map((pair) => pair.split('=').map(recodeRfc3986));
      const isSame = spelled.map((pair) => pair.join('=')).join('&') === text;
      const hasTwoPartsAtMost = spelled.every((pair) => pair.length <= 2);
      const hasEmpty = text.split('&').includes('');
      expect(isStrictQuery(text)).toBe(text === '' || (isSame && hasTwoPartsAtMost && !hasEmpty));
    });
  });
});

it('URLs are split, or refused', async () => {
  const piece = fc.constantFrom(
    'https://',
    'http://',
    '/',
    '?',
    '#',
    '@',
    ':',
    ':80',
    '[',
    ']',
    'a',
    '.',
    '%',
    '\\',
    '\n',
    'ü',
    '::1',
  );
  const url = fc
    .array(fc.oneof({ weight: 9, arbitrary: piece }, hostileText), { maxLength: 10 })
    .map((all) => all.join(''));
  await checkAll(
    fc.oneof(
      url,
      url.map((rest) => `https://a${rest}`),
    ),
    (text) => {
      const target = unlessRefused('ERR_INVALID_URL', () => splitUrl(text));
      if (target === undefined) return;
      expect(target.host).toMatch(/^[^\s/?#@\\]+$/);
      expect(target.path).toMatch(/^\/[^?#]*$/);
      expect(target.query).not.toContain('#');
    },
  );
});

it("headers' values are one line, trimmed and folded, or refused", async () => {
  const spaces = fc.constantFrom(' ', '  ', '\t', ' \t ', 'a');
  const value = fc.array(fc.oneof(spaces, hostileText), { maxLength: 8 }).map((all) => all.join(''));
  await checkAll(value, (text) => {
    const canonical = unlessRefused('ERR_INVALID_HEADER', () => canonicalizeHeaderValue('x', text));
    expect(canonical ?? '').not.toMatch(/^[ \t]|[ \t]$|[ \t]{2}|[^\0-\xff]/);
    expect(canonical === undefined).toBe(/[^\0-\xff]/.test(text));
  });
});

describe('settings of libfaketime', () => {
  const piece = fc.constantFrom(
    '+',
    '-',
    '1',
    '1.5',
    '.',
    ',',
    'e',
    'e9',
    'd',
    'h',
    'm',
    'y',
    'x',
    'i',
    '0x1',
    'inf',
    'nan',
    ' ',
    '@',
    '%',
  );
  const setting = fc
    .array(fc.oneof({ weight: 9, arbitrary: piece }, hostileText), { maxLength: 8 })
    .map((all) => all.join(''));

  it('move the time by what Date can hold, or by nothing that can be told', async () => {
    await checkAll(setting, (text) => {
      const offsets = parseOffsets(text);
      expect(offsets.length).toBeLessThanOrEqual(2);
      expect(offsets.every((offset) => Math.abs(offset) <= 8.64e15)).toBe(true);
    });
  });

  it('are a line of a file, or there is none', async () => {
    const line = fc.oneof(setting, fc.constantFrom('#', ';', ' ', '', '\r', 'a'.repeat(300)));
    await checkAll(
      fc.array(line).map((lines) => lines.join('\n')),
      (text) => {
        const found = parseSettingsFile(text);
        expect(found ?? '+0').toMatch(/^(?:[^ #;\n][^\n]{0,254}|\r*)$/);
        expect(found === undefined || text.includes(found)).toBe(true);
      },
    );
  });
});

it('content types name a charset that holds the text, or are refused', async () => {
  const piece = fc.constantFrom(
    ...[
      'text/plain',
      ';',
      'charset',
      '=',
      '"',
      '\\',
      ' ',
      '\t',
      'utf-8',
      'latin1',
      'us-ascii',
      'utf-16',
      'klingon',
      'charset=',
      ',',
    ],
  );
  const contentType = fc
    .array(fc.oneof({ weight: 9, arbitrary: piece }, hostileText), { maxLength: 10 })
    .map((all) => all.join(''));
  await checkAll(fc.tuple(fc.string({ unit: 'binary', maxLength: 5 }), contentType), async ([text, type]) => {
    let body: string | Uint8Array | undefined;
    try {
      body = await encodeText(text, type);
    } catch (error) {
      if (!isInstance(error, 'ERR_CHARSET')) throw error;
      return;
    }
    expect(typeof body === 'string' ? body === text : body.length >= text.length / 2).toBe(true);
  });
});

it('answers tell a code, a message and a time, or nothing', async () => {
  const headerValue = fc.oneof(
    mutate(fc.constantFrom('Sun, 30 Aug 2015 12:36:00 GMT', '0', 'Hit from cloudfront')),
    hostileText,
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      ...['date', 'Date', 'age', 'x-cache', 'cache-status', 'cf-cache-status'],
      ...['x-amzn-errortype', 'X-Amzn-ErrorType', '__proto__'],
    ),
    fc.oneof({ weight: 5, arbitrary: headerValue }, fc.anything()),
  );
  await checkAll(
    fc.tuple(
      fc.oneof(jsonLike, fc.anything({ withTypedArray: true })),
      headers,
      fc.constantFrom('s3', 'execute-api', 'dynamodb'),
    ),
    async ([data, given, service]) => {
      const response = { data, status: 403, statusText: '', headers: given, config: { headers: {} } };
      const refusal = await readRefusal(response as Parameters<typeof readRefusal>[0], service);
      expect(typeof (refusal.code ?? '')).toBe('string');
      expect(refusal.code).not.toBe('');
      expect(typeof refusal.message).toBe('string');
      expect(Number.isFinite(refusal.serverMs ?? 0)).toBe(true);
      expect(Number.isFinite(readAnswerDate(response as Parameters<typeof readRefusal>[0]) ?? 0)).toBe(true);
    },
  );
});
