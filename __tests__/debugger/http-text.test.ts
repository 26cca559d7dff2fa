/** HTTP as it is pasted: of logs, of tools, with either line end, whole or in part. */
import {
  parseHeaderLines,
  parseRequestText,
  parseResponseText,
  toHeaderObject,
} from '../../docs/debugger/http-text.js';

describe('a request', () => {
  const head = [
    ['Host', 'h.example'],
    ['X-Tag', 'a:b'],
  ];

  it.each([
    ['HTTP', 'POST /a?b=c HTTP/1.1\nHost: h.example\nX-Tag:a:b\n\n{"a":\n1}\n'],
    ['HTTP with CRLF', 'POST /a?b=c HTTP/1.1\r\nHost: h.example\r\nX-Tag: a:b  \r\n\r\n{"a":\n1}\n'],
    ['empty lines before it', '\n \nPOST /a?b=c HTTP/2\nHost: h.example\nX-Tag: a:b\n\n{"a":\n1}\n'],
    ['no version', 'POST /a?b=c\nHost: h.example\nX-Tag: a:b\n\n{"a":\n1}\n'],
  ])('with %s', (_, text) => {
    expect(parseRequestText(text)).toStrictEqual({
      method: 'POST',
      target: '/a?b=c',
      headers: head,
      body: '{"a":\n1}\n',
    });
  });

  it('as curl --verbose shows it', () => {
    const text = [
      '* Connected to h.example (192.0.2.1) port 443',
      '> GET /a HTTP/2',
      '> Host: h.example',
      '> X-Tag: a:b',
      '> ',
      '* Request completely sent off',
      '< HTTP/2 403',
      '< content-type: application/xml',
    ].join('\n');
    expect(parseRequestText(text)).toStrictEqual({ method: 'GET', target: '/a', headers: head, body: '' });
  });

  it('as curl --verbose shows several of them, of which the last counts', () => {
    const text =
      '> GET /a HTTP/1.1\n> Host: h.example\n> \n< HTTP/1.1 307 No\n< \n> GET /b HTTP/1.1\n> Host: h.example\n> \n';
    expect(parseRequestText(text)).toMatchObject({ target: '/b', headers: [['Host', 'h.example']] });
  });

  it('has spaces in its target, as AWS’s suite has', () => {
    expect(parseRequestText('GET /example space/ HTTP/1.1\nHost:h')).toMatchObject({ target: '/example space/' });
  });

  it('has lines that go on', () => {
    expect(parseRequestText('GET / HTTP/1.1\nA: 1\n  2\n\t3\nB: 4').headers).toStrictEqual([
      ['A', '1 2 3'],
      ['B', '4'],
    ]);
  });

  it.each([
    ['<Error>', /The first line, “<Error>”, is no request line/],
    ['GET', /no request line/],
    ['GET / HTTP/1.1\nHost: h\nno header', /Line 3, “no header”, is no header/],
    ['GET / HTTP/1.1\nHost : h', /Line 2/],
    [`GET / HTTP/1.1\n${'x'.repeat(1000)}`, /“x{60}…”/],
  ])('that is none is named: %j', (text, says) => {
    expect(() => parseRequestText(text)).toThrow(says);
  });
});

describe('an answer', () => {
  const body = '<Error>\n\n<Code>A</Code></Error>';

  it.each([
    ['with status and headers', `HTTP/1.1 403 Forbidden\nContent-Type: text/xml\n\n${body}`, 403, 1],
    ['with CRLF', `HTTP/1.1 403 Forbidden\r\nContent-Type: text/xml\r\n\r\n${body}`, 403, 1],
    ['with headers alone', `content-type: text/xml\nx-amzn-requestid: 1\n\n${body}`, undefined, 2],
    ['after 100 Continue', `HTTP/1.1 100 Continue\n\nHTTP/1.1 403 Forbidden\nA: b\n\n${body}`, 403, 1],
    [
      'after 100 Continue, verbose',
      `< HTTP/1.1 100 Continue\n< \n< HTTP/1.1 403 Forbidden\n< A: b\n< \n${body}`,
      403,
      1,
    ],
    ['alone', body, undefined, 0],
    ['after white space', `\n  ${body}`, undefined, 0],
    [
      'as curl --verbose shows it',
      `* Host h was resolved.\n> GET / HTTP/1.1\n> Host: h\n> \n< HTTP/1.1 403 Forbidden\n< Content-Type: text/xml\n< \n{ [12 bytes data]\n${body}\n* Connection #0 left intact`,
      403,
      1,
    ],
  ])('%s', (_, text, status, count) => {
    const answer = parseResponseText(text);
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers).toHaveLength(count);
  });

  it.each(['{"message": "a: b"}', 'Signature expired: 20150830T123600Z', 'a: b'])('of one line: %j', (text) => {
    expect(parseResponseText(text)).toStrictEqual({ status: undefined, headers: [], body: text });
  });

  it('without a body', () => {
    expect(parseResponseText('HTTP/1.1 403 Forbidden\nDate: x')).toStrictEqual({
      status: 403,
      headers: [['Date', 'x']],
      body: '',
    });
  });
});

it('headers of one name are a list, whatever its case', () => {
  const lines = parseHeaderLines(['A: 1', 'b: 2', 'a: 3', '__proto__: 4'], 1);
  const headers = toHeaderObject(lines);
  expect(Object.entries(headers)).toStrictEqual([
    ['A', ['1', '3']],
    ['b', '2'],
    ['__proto__', '4'],
  ]);
});
