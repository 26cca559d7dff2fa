/** Which headers are signed. */
import { createHeaderSelection, selectDefaultHeaders } from '../../lib/sigv4/signed-headers.js';
import { measureGrowth } from '../stand-ins/counted-steps.js';

const byDefault = ['host', 'content-type', 'content-md5', 'date', 'x-amz-date', 'x-amz-meta-a', 'x-amz-security-token'];
const rewrittenOnTheWay = [
  'authorization',
  'user-agent',
  'accept-encoding',
  'connection',
  'expect',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-proto',
  'proxy-authorization',
  'proxy-connection',
  'x-amzn-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
  'range',
];
const others = ['accept', 'x-tenant', 'if-match', 'content-encoding', 'x-amzn-other'];

describe('by default', () => {
  it.each(byDefault)('signs %s', (name) => {
    expect(selectDefaultHeaders(name)).toBe(true);
  });
  it.each([...rewrittenOnTheWay, ...others, 'x-amz-client-context'])('does not sign %s', (name) => {
    expect(selectDefaultHeaders(name)).toBe(false);
  });
});

describe('signedHeaders', () => {
  it('adds names, in any case', () => {
    const select = createHeaderSelection(['X-Tenant', ' accept ']);
    expect(['x-tenant', 'accept', ...byDefault].every(select)).toBe(true);
    expect(['x-tenant-2', 'if-match', ...rewrittenOnTheWay].some(select)).toBe(false);
  });

  it('adds patterns', () => {
    const select = createHeaderSelection(['x-ten*']);
    expect(select('x-tenant')).toBe(true);
    expect(select('x-te')).toBe(false);
  });

  it('takes prefixes of several lengths', () => {
    const select = createHeaderSelection(['x-a-*', 'x-abc*', 'y-*', 'y*']);
    expect(['x-a-', 'x-a-1', 'x-abcd', 'y-1', 'y', 'yz'].every(select)).toBe(true);
    expect(['x', 'x-a', 'x-ab', 'x-b', 'a-b'].some(select)).toBe(false);
  });

  it('takes any number of patterns for any number of headers', async () => {
    const selectAll = (size: number): void => {
      const prefixes = Array.from({ length: size }, (_, i) => `x-${String(i).padStart(6, '0')}-`);
      const select = createHeaderSelection(prefixes.map((prefix) => `${prefix}*`));
      expect(prefixes.filter((prefix) => select(`${prefix}a`))).toHaveLength(size);
    };
    expect(await measureGrowth(selectAll, 100)).toBeLessThan(5);
  });

  it('takes * for all but what is rewritten on the way', () => {
    const select = createHeaderSelection(['*']);
    expect([...byDefault, ...others].every(select)).toBe(true);
    expect([...rewrittenOnTheWay, 'x-amz-client-context'].some(select)).toBe(false);
  });

  it('takes x-amz-* for what the default has', () => {
    const select = createHeaderSelection(['x-amz-*']);
    expect(byDefault.every(select)).toBe(true);
    expect([...others, 'x-amz-client-context'].some(select)).toBe(false);
  });

  it.each([...rewrittenOnTheWay, 'x-amz-client-context'])('signs %s by its own name', (name) => {
    expect(createHeaderSelection([name])(name)).toBe(true);
    expect(createHeaderSelection(['*', name])(name)).toBe(true);
  });

  it.each([
    [['']],
    [new Array<string>(1)],
    [['a b']],
    [['x-*-y']],
    [['a:b']],
    [[5]],
    [[undefined]],
    ['host'],
    [{}],
    [null],
  ])('refuses %j', (signedHeaders) => {
    const refused = (): unknown => createHeaderSelection(signedHeaders as string[]);
    expect(refused).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
    expect(refused).toThrow(/signedHeaders/);
  });
});
