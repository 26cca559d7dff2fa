/** The spelling in which a path goes out: one that no client rewrites on its way, as WebKitGTK and OkHttp do with others. */
import { createOutgoingUrl, parseConfigUrl, parseUrl } from '../../lib/request/outgoing-url.js';

// RFC 3986, sections 6.2.2.1 (upper-case hex), 6.2.2.2 (unreserved characters unescaped) and 3.3 (what a path has raw).
it.each([
  ['/a%7Eb', '/a~b'],
  ['/%41%2d%5F%2ec', '/A-_.c'],
  ['/gr%c3%bc%C3%9fe', '/gr%C3%BC%C3%9Fe'],
  ['/a%2fb%3a', '/a%2Fb%3A'],
  ['/100%/%zz/%%41/%4', '/100%25/%25zz/%25A/%254'],
  ['/a|b^c[d]', '/a%7Cb%5Ec%5Bd%5D'],
  ["/!$&'()*+,;=:@", "/!$&'()*+,;=:@"],
])('sends %s as %s', (path, expected) => {
  const text = `https://example.com${path}`;
  const config = { url: text, headers: undefined as never };
  const url = createOutgoingUrl(config, parseConfigUrl(config), 'execute-api');
  expect(url).toMatchObject({ href: `https://example.com${expected}`, isLiteral: path === expected });
});

it.each(['about:blank', 'null', ''])('reads an absolute URL where the location is %j', (href) => {
  Object.assign(globalThis, { location: { href } });
  try {
    expect(parseUrl('https://example.com/a', undefined).href).toBe('https://example.com/a');
    expect(() => parseUrl('/a', undefined)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_URL' }));
  } finally {
    Reflect.deleteProperty(globalThis, 'location');
  }
});
