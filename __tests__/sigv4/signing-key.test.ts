/** SigningKey, its derivation, and the cache of keys. */
import { inspect } from 'node:util';
import { Aws4AuthError, EndpointError, NoSecretKeyError, SigningKey, type Credentials } from '../../lib/sigv4/index.js';
import { deriveKeyChain, getSigningKey as findSigningKey, type ScopedKey } from '../../lib/sigv4/scoped-key.js';
import { examples } from '../../fixtures/signing-key-derivation.json';
import { hashing } from '#platform';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const scope = { date: '20150830', region: 'us-east-1', service: 'iam' } as const;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('derivation', () => {
  it.each(examples)('derives each key of $date/$region/$service', (example) => {
    const chain = deriveKeyChain(example.secretAccessKey, example.date, example.region, example.service);
    expect(hex(chain.dateKey)).toBe(example.dateKey);
    expect(hex(chain.dateRegionKey)).toBe(example.dateRegionKey);
    expect(hex(chain.dateRegionServiceKey)).toBe(example.dateRegionServiceKey);
    expect(hex(chain.signingKey)).toBe(example.signingKey);
  });
});

describe('SigningKey', () => {
  it('tells its scope, and signs AWS’s example string', () => {
    const key = new SigningKey(SECRET, scope);
    expect(key).toMatchObject({ ...scope, scope: '20150830/us-east-1/iam/aws4_request' });
    // The string to sign and the signature of AWS General Reference, Signature Version 4 signing process, task 3.
    const stringToSign =
      'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n' +
      'f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59';
    expect(key.sign(stringToSign)).toBe('5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7');
  });

  it('takes the day of a Date in UTC', () => {
    expect(new SigningKey(SECRET, { ...scope, date: new Date('2015-08-30T23:59:59Z') }).date).toBe('20150830');
    expect(new SigningKey(SECRET, { ...scope, date: new Date('2015-08-30T23:59:59-01:00') }).date).toBe('20150831');
  });

  it('derives the key of another day, and stays as it is', () => {
    const key = new SigningKey(SECRET, { ...scope, date: '20150829' });
    const rederived = key.rederive({ date: '20150830' });
    expect(rederived.scope).toBe('20150830/us-east-1/iam/aws4_request');
    expect(rederived.sign('text')).toBe(new SigningKey(SECRET, scope).sign('text'));
    expect(rederived.sign('text')).not.toBe(key.sign('text'));
    expect(key.date).toBe('20150829');
    expect(rederived.rederive({ date: '20150829' }).sign('text')).toBe(key.sign('text'));
  });

  it('signs, but is not derived again, without its secret', () => {
    const key = new SigningKey(SECRET, scope, { keepSecret: false });
    expect(key.sign('text')).toBe(new SigningKey(SECRET, scope).sign('text'));
    expect(() => key.rederive({ date: '20150831' })).toThrow(NoSecretKeyError);
    expect(() => key.rederive({ date: '20150831' })).toThrow(expect.objectContaining({ code: 'ERR_NO_SECRET_KEY' }));
  });

  it.each([{}, { keepSecret: false }])('shows neither secret nor key with options %j', (options) => {
    const key = new SigningKey(SECRET, scope, options);
    const shown = [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), Object.values(key).join()].join();
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(hex(deriveKeyChain(SECRET, '20150830', 'us-east-1', 'iam').signingKey));
    expect(shown).toContain('20150830/us-east-1/iam');
  });

  it.each([
    ['an empty secret', '', scope, Aws4AuthError, 'ERR_INVALID_OPTION'],
    ['a date that is none', SECRET, { ...scope, date: new Date('never') }, Aws4AuthError, 'ERR_INVALID_OPTION'],
    ['a date in another format', SECRET, { ...scope, date: '2015-08-30' }, Aws4AuthError, 'ERR_INVALID_OPTION'],
    ['a region with a slash', SECRET, { ...scope, region: 'us/east' }, EndpointError, 'ERR_ENDPOINT'],
    ['an empty service', SECRET, { ...scope, service: '' }, EndpointError, 'ERR_ENDPOINT'],
    ['a service with white space', SECRET, { ...scope, service: 's 3' }, EndpointError, 'ERR_ENDPOINT'],
    ['a region that is not ASCII', SECRET, { ...scope, region: 'zürich-1' }, EndpointError, 'ERR_ENDPOINT'],
    ['a region with a line break', SECRET, { ...scope, region: 'eu-west-1\n' }, EndpointError, 'ERR_ENDPOINT'],
  ])('refuses %s', (_, secret, badScope, type, code) => {
    const make = (): SigningKey => new SigningKey(secret, badScope);
    expect(make).toThrow(type);
    expect(make).toThrow(expect.objectContaining({ code }));
  });
});

describe('the cache of keys', () => {
  const getSigningKey = (owner: Credentials, { date, region, service }: Readonly<Record<keyof typeof scope, string>>) =>
    findSigningKey(owner, date, region, service);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET };

  it('gives the same key for the same credentials and scope', () => {
    expect(getSigningKey(credentials, scope)).toBe(getSigningKey({ ...credentials }, { ...scope }));
  });

  it.each([
    ['date', credentials, { ...scope, date: '20150831' }],
    ['region', credentials, { ...scope, region: 'eu-west-1' }],
    ['service', credentials, { ...scope, service: 's3' }],
    ['secret', { ...credentials, secretAccessKey: 'rotated' }, scope],
  ])('derives anew for another %s', (_, otherCredentials, otherScope) => {
    const key = getSigningKey(credentials, scope);
    const other = getSigningKey(otherCredentials, otherScope);
    expect(other).not.toBe(key);
    expect(other.sign('text')).toBe(new SigningKey(otherCredentials.secretAccessKey, otherScope).sign('text'));
  });

  const keyOf = (tenant: number): ScopedKey =>
    getSigningKey({ accessKeyId: `AKID${String(tenant)}`, secretAccessKey: `secret-${String(tenant)}` }, scope);

  it('keeps a thousand, for tenants in turn whose credentials are new objects each time', () => {
    const keys = Array.from({ length: 1000 }, (_, tenant) => keyOf(tenant));
    const derive = jest.spyOn(hashing, 'hmacSha256');
    try {
      for (let turn = 0; turn < 3; turn++) expect(keys.every((key, tenant) => keyOf(tenant) === key)).toBe(true);
      expect(derive).not.toHaveBeenCalled();
    } finally {
      derive.mockRestore();
    }
  });

  it('lets go of the one that was not used for the longest, and no more than that', () => {
    const keys = Array.from({ length: 1000 }, (_, tenant) => keyOf(tenant));
    expect(keyOf(0)).toBe(keys[0]);
    keyOf(1000);
    expect(keyOf(0)).toBe(keys[0]);
    expect(keyOf(2)).toBe(keys[2]);
    expect(keyOf(1)).not.toBe(keys[1]);
  });

  it('holds two secrets of one access key id side by side', () => {
    const other = { ...credentials, secretAccessKey: 'of-another-store' };
    const keys = [getSigningKey({ ...credentials }, scope), getSigningKey({ ...other }, scope)];
    expect(getSigningKey({ ...credentials }, scope)).toBe(keys[0]);
    expect(getSigningKey({ ...other }, scope)).toBe(keys[1]);
  });

  it('has the secret in none of the names that it finds keys by', () => {
    const get = jest.spyOn(Map.prototype, 'get');
    const set = jest.spyOn(Map.prototype, 'set');
    try {
      getSigningKey({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hunter2' }, scope);
      const names = [...get.mock.calls, ...set.mock.calls].map(([name]) => String(name));
      expect(names.some((name) => name.includes('us-east-1'))).toBe(true);
      expect(names.join()).not.toContain('hunter2');
    } finally {
      get.mockRestore();
      set.mockRestore();
    }
  });

  it('does not keep the secret in the keys that it holds', () => {
    const key = getSigningKey({ ...credentials, secretAccessKey: 'hunter2' }, scope);
    expect(inspect(key, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(key).not.toHaveProperty('rederive');
  });
});
