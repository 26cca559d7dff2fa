/** What is signed and not sent, with sessions of S3 Express: aws4Sign, aws4Presign and aws4PresignPost open one. */
import axios, { AxiosHeaders } from 'axios';
import { query, request, session } from '../../fixtures/s3-express.json';
import { aws4Presign, aws4PresignPost, aws4Sign, CredentialsError, type Aws4Options } from '../../lib/index.js';
import {
  BUCKET,
  resolveToLoopback,
  sessionDocument,
  sessionOf,
  setExpressStage,
  ZONAL_HOST,
} from '../stand-ins/express-stage.js';
import { HOUR, MINUTE, SECOND } from '../stand-ins/healing-stage.js';
import { credentials, failure } from '../stand-ins/test-server.js';

const stage = setExpressStage();
const opened = 'GET /?session AKIDEXAMPLE';
const urlOf = (path: string): string => `http://${ZONAL_HOST}:${new URL(stage.origin).port}${path}`;
const configOf = (path: string, more: object = {}) => ({
  url: urlOf(path),
  lookup: resolveToLoopback,
  adapter: 'http' as const,
  ...more,
});
/** Credentials of their own for each test, since sessions are kept with them. */
const optionsOf = (more: Aws4Options = {}): Aws4Options => ({
  credentials: { ...credentials },
  clock: stage.clock,
  ...more,
});

describe('aws4Sign', () => {
  it('opens a session, which the next signature has too', async () => {
    const options = optionsOf();
    const { headers, trace, body } = await aws4Sign(configOf('/a', { method: 'put', data: 'text' }), options);
    expect(headers).toMatchObject({ 'X-Amz-S3session-Token': sessionOf(1).sessionToken });
    expect(Object.keys(headers).join()).not.toMatch(/security-token/i);
    expect(trace.canonicalRequest).toContain('x-amz-s3session-token:REDACTED');
    await axios.put(urlOf('/a'), body, {
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      lookup: resolveToLoopback,
      adapter: 'http',
    });
    await aws4Sign(configOf('/b'), options);
    expect(stage.log()).toStrictEqual([opened, 'PUT /a SESSION1']);
  });

  it('signs plainly where that is asked for', async () => {
    const { headers } = await aws4Sign(configOf('/a'), optionsOf({ s3ExpressSessions: false }));
    expect(Object.keys(headers).join()).not.toMatch(/token/i);
    expect(stage.log()).toStrictEqual([]);
  });

  it('is rejected where there is no session', async () => {
    stage.answerSession = () => ({ status: 403 });
    expect(await failure(aws4Sign(configOf('/a'), optionsOf()))).toBeInstanceOf(CredentialsError);
  });
});

describe('aws4Presign', () => {
  const send = (url: string) => axios.get(url, { lookup: resolveToLoopback, adapter: 'http' });
  const expiresOf = (url: string): number => Number(new URL(url).searchParams.get('X-Amz-Expires'));

  it('makes the URL of botocore and aws-crt', async () => {
    const expiration = new Date('2013-05-24T00:05:00Z');
    const presigned = await aws4Presign(
      {
        ...request,
        adapter: (config) =>
          Promise.resolve({
            data: sessionDocument(session, expiration.toISOString()),
            status: 200,
            statusText: '',
            headers: new AxiosHeaders(),
            config,
          }),
      },
      { credentials, clock: () => Date.parse('2013-05-24T00:00:00Z') },
    );
    expect(presigned.url.split(/[?&]/).sort()).toStrictEqual(query.url.split(/[?&]/).sort());
    expect(presigned.expiresAt).toStrictEqual(expiration);
  });

  it('opens a session, and another one when half of its life is over', async () => {
    const options = optionsOf();
    const { url, expiresAt } = await aws4Presign(configOf('/a'), options);
    expect((await send(url)).status).toBe(200);
    expect(expiresOf(url)).toBe(300);
    expect(expiresAt).toStrictEqual(new Date(stage.serverMs + 5 * MINUTE));
    stage.serverMs += 2 * MINUTE;
    const later = await aws4Presign(configOf('/a'), options);
    expect(expiresOf(later.url)).toBe(180);
    expect(later.expiresAt).toStrictEqual(expiresAt);
    stage.serverMs += MINUTE;
    const last = await aws4Presign(configOf('/a'), options);
    expect(expiresOf(last.url)).toBe(300);
    expect((await send(last.url)).status).toBe(200);
    expect(stage.log()).toStrictEqual([opened, 'GET /a? SESSION1', opened, 'GET /a? SESSION2']);
  });

  it('is good for as long as it is asked for', async () => {
    const { url, expiresAt } = await aws4Presign(configOf('/a'), optionsOf({ expiresIn: 60 }));
    expect(expiresOf(url)).toBe(60);
    expect(expiresAt).toStrictEqual(new Date(stage.serverMs + MINUTE));
  });

  it('is refused for a time that no session lasts, and signed with the credentials themselves where asked', async () => {
    const reason = await failure(aws4Presign(configOf('/a'), optionsOf({ expiresIn: 3600 })));
    expect(reason).toBeInstanceOf(CredentialsError);
    expect(String(reason)).toMatch(/a session of S3 Express lasts 5 minutes.*s3ExpressSessions: false/);
    const plain = optionsOf({ expiresIn: 3600, s3ExpressSessions: false });
    const { url, expiresAt } = await aws4Presign(configOf('/a'), plain);
    expect(expiresAt).toStrictEqual(new Date(stage.serverMs + HOUR));
    stage.serverMs += 59 * MINUTE;
    expect((await send(url)).status).toBe(200);
  });

  it('ends with a session of a shorter life', async () => {
    stage.lifeMs = 200 * SECOND;
    const { url, expiresAt } = await aws4Presign(configOf('/a'), optionsOf());
    expect(expiresOf(url)).toBe(200);
    expect(expiresAt).toStrictEqual(new Date(stage.serverMs + 200 * SECOND));
  });

  it('of CreateSession is one of the credentials', async () => {
    const { url } = await aws4Presign(configOf('/?session'), optionsOf());
    expect(url).toMatch(/\?session(?:=)?&/);
    expect(expiresOf(url)).toBe(900);
    expect(url).not.toMatch(/token/i);
    expect(stage.log()).toStrictEqual([]);
  });
});

describe('aws4PresignPost', () => {
  const policy = { url: `https://${ZONAL_HOST}/`, bucket: BUCKET, key: 'k' };

  it('has the token of a session as a field', async () => {
    const sent: string[] = [];
    const { adapter } = axios.defaults;
    axios.defaults.adapter = (config) => {
      sent.push(`${String(config.method)} ${String(config.url)}`);
      const data = sessionDocument(sessionOf(1), new Date(stage.serverMs + 5 * MINUTE).toISOString());
      return Promise.resolve({ data, status: 200, statusText: '', headers: new AxiosHeaders(), config });
    };
    try {
      const { fields, expiresAt } = await aws4PresignPost(policy, optionsOf());
      expect(sent).toStrictEqual([`get https://${ZONAL_HOST}/?session`]);
      expect(fields).toMatchObject({ 'x-amz-s3session-token': sessionOf(1).sessionToken });
      expect(fields['x-amz-credential']).toMatch(/^SESSION1\/\d{8}\/us-east-1\/s3express\//);
      expect(expiresAt).toStrictEqual(new Date(stage.serverMs + 5 * MINUTE));
    } finally {
      Reflect.set(axios.defaults, 'adapter', adapter);
    }
  });

  it('is signed plainly where that is asked for', async () => {
    const { fields } = await aws4PresignPost(policy, optionsOf({ s3ExpressSessions: false }));
    expect(fields['x-amz-credential']).toMatch(/^AKIDEXAMPLE\//);
    expect(fields).not.toHaveProperty('x-amz-s3session-token');
  });
});
