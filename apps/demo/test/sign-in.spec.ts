import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startDemo, type RunningDemo } from '../../../test/support/demo-app.js';
import { cookieOf, DemoClient } from '../../../test/support/demo-client.js';

describe.each(['express', 'fastify'] as const)('the demo on %s', (adapter) => {
  let demo: RunningDemo;
  let client: DemoClient;
  let numbers = 0;

  /** A number of its own for each test, so that no cooldown of another test is in the way. */
  const nextNumber = () => `+3161234${String((numbers += 1)).padStart(4, '0')}`;

  beforeAll(async () => {
    demo = await startDemo({ adapter, env: { TRUSTED_PROXIES: 'loopback' } });
    client = new DemoClient(demo);
  });
  afterAll(() => demo.stop());

  it('shows the account only to who is signed in', async () => {
    const stranger = await client.get('/account');
    expect(stranger.status).toBe(303);
    expect(stranger.headers.get('location')).toBe('/');
    expect(stranger.headers.get('cache-control')).toBe('no-store');
    const refused = await client.get('/api/account');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({ status: 401, code: 'not_signed_in' });

    const phoneNumber = nextNumber();
    const cookie = cookieOf(await client.signIn({ phoneNumber }));
    const page = await client.get('/account', { Cookie: cookie });
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await page.text()).toContain('Your account');
    const account = await client.get('/api/account', { Cookie: cookie });
    expect(account.headers.get('cache-control')).toBe('no-store');
    expect(await account.json()).toEqual({
      phoneNumber: `+31*******${phoneNumber.slice(-2)}`,
      signedInAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('H2 the cookie is HttpOnly and SameSite, and under HTTPS Secure with the __Host- prefix', async () => {
    const plain = await client.signIn({ phoneNumber: nextNumber() });
    expect(plain).toMatch(/^session=[\w-]{43}; Path=\/; Max-Age=1800; HttpOnly; SameSite=Lax$/);
    const https = new DemoClient(demo, { 'X-Forwarded-Proto': 'https' });
    const secure = await https.signIn({ phoneNumber: nextNumber() });
    expect(secure).toMatch(/^__Host-session=[\w-]{43}; Path=\/; Max-Age=1800; HttpOnly; Secure; SameSite=Lax$/);
    expect((await https.get('/account', { Cookie: cookieOf(secure) })).status).toBe(200);
  });

  it('H1 case 70: signing in makes a new session and ends the former one', async () => {
    const phoneNumber = nextNumber();
    const former = cookieOf(await client.signIn({ phoneNumber }));
    const cookie = cookieOf(await client.signIn({ phoneNumber: nextNumber(), cookie: former }));
    expect(cookie).not.toBe(former);
    expect((await client.get('/account', { Cookie: former })).status).toBe(303);
    expect((await client.get('/account', { Cookie: cookie })).status).toBe(200);

    const planted = `session=${'A'.repeat(43)}`;
    const fresh = cookieOf(await client.signIn({ phoneNumber: nextNumber(), cookie: planted }));
    expect(fresh).not.toBe(planted);
    expect((await client.get('/account', { Cookie: planted })).status).toBe(303);
  });

  it('signing out ends the session and clears the cookie', async () => {
    const cookie = cookieOf(await client.signIn({ phoneNumber: nextNumber() }));
    const response = await client.post('/session/end', { headers: { Cookie: cookie } });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^session=; Path=\/; Max-Age=0; .*HttpOnly/),
    ]);
    expect((await client.get('/account', { Cookie: cookie })).status).toBe(303);
  });

  it('H3 signing out by GET does nothing', async () => {
    const cookie = cookieOf(await client.signIn({ phoneNumber: nextNumber() }));
    expect((await client.get('/session/end', { Cookie: cookie })).status).toBe(404);
    expect((await client.get('/account', { Cookie: cookie })).status).toBe(200);
  });

  it('case 25: a proof makes one session, a forged one none', async () => {
    const proof = await client.prove(nextNumber());
    const answers = [
      await client.post('/session', { headers: { 'OTP-Proof': proof } }),
      await client.post('/session', { headers: { 'OTP-Proof': proof } }),
      await client.post('/session', { headers: { 'OTP-Proof': `${proof}x` } }),
      await client.post('/session'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 401, 401, 401]);
    expect(answers.slice(1).flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
  });

  it('H3 case 69: requests from another site are refused', async () => {
    const cookie = cookieOf(await client.signIn({ phoneNumber: nextNumber() }));
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
    ]) {
      const response = await client.post('/session/end', { headers: { Cookie: cookie, ...headers } });
      expect(response.status).toBe(403);
    }
    const body = { phoneNumber: nextNumber() };
    const issue = await client.post('/otp/challenges', { body, headers: { 'Sec-Fetch-Site': 'cross-site' } });
    expect(issue.status).toBe(403);
    expect(await issue.json()).toMatchObject({ code: 'forbidden' });
    expect((await client.get('/account', { Cookie: cookie })).status).toBe(200);
  });

  it('case 73: every answer has the security headers', async () => {
    for (const path of ['/', '/assets/app.css', '/api/account', '/nowhere', '/otp/challenges/x']) {
      const { headers } = await client.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('serves the files that it has and nothing else', async () => {
    const page = await client.get('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const script = await client.get('/assets/forms.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const etag = script.headers.get('etag') ?? '';
    expect((await client.get('/assets/forms.js', { 'If-None-Match': etag })).status).toBe(304);
    const [plain, gzipped] = await Promise.all(
      ['identity', 'gzip'].map((encoding) => client.get('/assets/app.css', { 'Accept-Encoding': encoding })),
    );
    expect([plain?.headers.get('content-encoding'), gzipped?.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(await gzipped?.text()).toBe(await plain?.text());
    expect((await client.get('/assets/otp-code-input/otp-code-input.js')).status).toBe(200);
    expect((await client.get('/assets/favicon.svg')).headers.get('content-type')).toContain('image/svg+xml');
    for (const name of ['..%2fmain.ts', '%2e%2e%2fconfig.ts', 'package.json', 'otp-code-input', '__proto__', 'x']) {
      expect((await client.get(`/assets/${name}`)).status).toBe(404);
    }
  });

  it('lists what the simulated phone got, newest first', async () => {
    const [phoneNumber, other] = [nextNumber(), nextNumber()];
    await client.prove(phoneNumber);
    await client.prove(other);
    const inbox = await client.get(`/dev/inbox?to=${encodeURIComponent(phoneNumber)}`);
    expect(inbox.headers.get('cache-control')).toBe('no-store');
    const entry = {
      id: expect.any(String),
      to: phoneNumber,
      text: expect.stringMatching(/^\d{6}/),
      transport: 'simulated',
      channel: 'sms',
      locale: 'nl',
      segments: 1,
      cost: 0.105,
      currency: 'USD',
      delivery: expect.any(String),
      sentAt: expect.any(String),
    };
    expect(await inbox.json()).toEqual([entry]);
    expect(await (await client.get(`/dev/inbox?to=${phoneNumber}`)).json()).toEqual([entry]);
    const all = z.array(z.unknown()).parse(await (await client.get('/dev/inbox')).json());
    expect(all.slice(0, 2)).toEqual([{ ...entry, to: other }, entry]);
    expect((await client.get('/dev/inbox?to=a&to=b')).status).toBe(400);
  });
});
