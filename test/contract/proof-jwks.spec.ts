import { type CanActivate, type Provider, SetMetadata, VersioningType } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { OtpService } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpAnswer, type HttpCall, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp, TEST_SECRET } from '../support/otp-app.js';

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');
const PATH = '/otp/.well-known/jwks.json';
const KEYS = { keys: [EC.privateKey, ED.publicKey] };

const PUBLIC = 'public';

/** Closes what is not marked, as applications with a global JWT guard do. */
const CLOSING_GUARD: Provider = {
  provide: APP_GUARD,
  inject: [Reflector],
  useFactory: (reflector: Reflector): CanActivate => ({
    canActivate: (context) =>
      reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]) ?? false,
  }),
};

describe.each(ADAPTERS)('the public keys over HTTP, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async (options: OtpAppOptions = {}): Promise<void> => {
    otp = await startOtpApp({ adapter, proofs: KEYS, ...options });
  };
  const get = (path = PATH, call: Omit<HttpCall, 'path'> = {}): Promise<HttpAnswer> =>
    callHttp(otp.url, { path, ...call });

  it('are a JWK Set of what verifies, and nothing private', async () => {
    await start();
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['cache-control']).toBe('no-store');
    const [ec, ed] = [EC.publicKey.export({ format: 'jwk' }), ED.publicKey.export({ format: 'jwk' })];
    expect(answer.body).toEqual({
      keys: [
        { kty: 'EC', crv: 'P-256', x: ec.x, y: ec.y, kid: expect.any(String), alg: 'ES256', use: 'sig' },
        { kty: 'OKP', crv: 'Ed25519', x: ed.x, kid: expect.any(String), alg: 'EdDSA', use: 'sig' },
      ],
    });
    expect(answer.text).not.toMatch(/"(d|k|p|q|dp|dq|qi|priv)":/);
    expect(answer.text).not.toContain(EC.privateKey.export({ format: 'jwk' }).d);
  });

  it('name the key of each proof, and are the service’s own answer', async () => {
    await start();
    const { kid } = decodeProtectedHeader(await new OtpHttpClient(otp).prove());
    const { body } = await get();
    expect(body['keys']).toContainEqual(expect.objectContaining({ kid }));
    expect(body).toEqual(otp.app.get(OtpService).publicKeys());
  });

  it('are not there where proofs are signed with a secret', async () => {
    await start({ proofs: {} });
    const answer = await get();
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(Object.keys(answer.body).toSorted()).toEqual(['error', 'message', 'statusCode']);
    expect(answer.text).not.toContain(TEST_SECRET);
    expect(otp.app.get(OtpService).publicKeys()).toBeUndefined();
  });

  it('are given to services, which tell no origin, and refused to pages of other sites', async () => {
    await start();
    expect((await get(PATH, { headers: { Accept: 'application/jwk-set+json' } })).status).toBe(200);
    expect((await get(PATH, { headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(200);
    expectProblem(await get(PATH, { headers: { 'Sec-Fetch-Site': 'cross-site' } }), 403, 'forbidden');
    expectProblem(await get(PATH, { headers: { Origin: 'https://evil.example' } }), 403, 'forbidden');
  });

  it.each(['POST', 'PUT', 'DELETE'])('%s does nothing there', async (method) => {
    await start();
    expect((await get(PATH, { method, body: {} })).status).toBe(404);
  });

  it('follow the global prefix and no version', async () => {
    await start({
      configure: (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      },
    });
    expect((await get(`/api${PATH}`)).body).toEqual(otp.app.get(OtpService).publicKeys());
    expect((await get(PATH)).status).toBe(404);
    expect((await get(`/api/v1${PATH}`)).status).toBe(404);
  });

  it('follow the path of the routes', async () => {
    await start({ routes: { path: '/auth/otp/' } });
    expect((await get(`/auth${PATH}`)).status).toBe(200);
    expect((await get(PATH)).status).toBe(404);
  });

  it('without routes are the service’s alone', async () => {
    await start({ routes: false });
    expect((await get()).status).toBe(404);
    expect(otp.app.get(OtpService).publicKeys()?.keys).toHaveLength(2);
  });

  it('are closed by a global guard unless the routes are marked', async () => {
    const metadata = { providers: [CLOSING_GUARD] };
    await start({ metadata });
    expect((await get()).status).toBe(403);
    await otp.close();
    await start({ metadata, routes: { decorators: [SetMetadata(PUBLIC, true)] } });
    expect((await get()).status).toBe(200);
  });
});
