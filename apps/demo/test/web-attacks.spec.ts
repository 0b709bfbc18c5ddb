import { Redis } from 'ioredis';
import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionSecrets, type RunningDemo, startDemo } from '../../../test/support/demo-app.js';
import { FormClient, freshNumber, PASSWORD } from '../../../test/support/form-client.js';
import type { HttpAnswer, HttpCall } from '../../../test/support/http.js';
import { type RedisServer, startRedis } from '../../../test/support/redis-server.js';
import { changing, nameOf, type Route, routesOf } from '../../../test/support/routes.js';
import { SAMPLE_OPERATOR } from '../src/desk-operator.js';
import { SimulatedPhone } from '../src/handset/simulated-phone.js';

const EVIL = 'https://evil.example';
const HTML = { Accept: 'text/html' };

let dev: readonly Route[];
let production: readonly Route[];

beforeAll(async () => {
  [dev, production] = await Promise.all([routesIn({}), routesIn({ NODE_ENV: 'production', ...productionSecrets() })]);
});

async function routesIn(env: Readonly<Record<string, string | undefined>>): Promise<readonly Route[]> {
  const demo = await startDemo({ env });
  const routes = routesOf(demo.app);
  await demo.stop();
  return routes;
}

it('the routes that can change something are these, and the tests below take them from the router', () => {
  expect(changing(dev).map(nameOf).toSorted()).toEqual([
    'DELETE /otp/challenges/:id',
    'POST /account/forget-browser',
    'POST /account/sign-out-everywhere',
    'POST /attack',
    'POST /attack/stop',
    'POST /code',
    'POST /code/cancel',
    'POST /code/resend',
    'POST /desk/sign-in',
    'POST /desk/sign-out',
    'POST /number',
    'POST /number/new',
    'POST /otp/challenges',
    'POST /otp/challenges/:id/resend',
    'POST /otp/challenges/:id/verify',
    'POST /otp/webhooks/:transport',
    'POST /otp/webhooks/:transport/:token',
    'POST /password',
    'POST /session',
    'POST /session/end',
    'POST /sign-in',
    'POST /sign-up',
    'POST /sign-up/check',
    'POST /transfer',
  ]);
});

describe.each(['express', 'fastify'] as const)('pages of others, on %s', (adapter) => {
  let redis: RedisServer;
  let demo: RunningDemo;
  let person: FormClient;
  let phoneNumber: string;

  /** Somebody with every cookie that the bank gives: session, draft, proved number, desk, and a code that is awaited. */
  beforeAll(async () => {
    redis = await startRedis();
    demo = await startDemo({ adapter, env: { REDIS_URL: redis.url, TRUSTED_PROXIES: 'loopback' } });
    // No receipts: they would change what Redis holds at any moment.
    demo.app.get(SimulatedPhone).handOverTo(() => undefined);
    person = new FormClient(demo);
    await person.send('/desk/sign-in', { password: SAMPLE_OPERATOR.password });
    await person.enterCodeSentTo(SAMPLE_OPERATOR.phoneNumber);
    phoneNumber = await person.signUp();
    const another = { country: '', name: 'Noor', phoneNumber: freshNumber(), password: PASSWORD };
    await person.send('/sign-up', another);
    await person.send('/number');
    await person.enterCodeSentTo(phoneNumber);
    await person.send('/transfer', { payee: 'Ann', iban: 'NL91ABNA0417164300', amount: '1' });
    expect([...person.cookies.keys()].toSorted()).toEqual([
      'code',
      'desk',
      'desk-browser',
      'draft',
      'number',
      'session',
    ]);
    await expectUntouched();
  });
  afterAll(async () => {
    await demo.stop();
    await redis.stop();
  });

  /** Signed in at bank and desk, the number still proved, the code still awaited, nobody paid. */
  async function expectUntouched(): Promise<void> {
    const pages = ['/account', '/desk', '/number/new', '/sign-up/check', '/code'];
    const answers = await Promise.all(pages.map((path) => person.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers[0]?.text).not.toContain('>Ann<');
  }

  it.each<[string, OutgoingHttpHeaders]>([
    ['is of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: EVIL }],
    ['is of a sibling', { 'Sec-Fetch-Site': 'same-site' }],
    ['has another origin, from an older browser', { Origin: EVIL }],
    ['hides its origin', { Origin: 'null' }],
    ['has the host in its referrer only', { Origin: EVIL, Referer: 'http://127.0.0.1/' }],
    ['tells another host through the proxy', { Origin: EVIL, 'X-Forwarded-Host': 'evil.example' }],
  ])('H3 case 69 no route that changes something takes a request that %s', async (_name, headers) => {
    const code = demo.lastCodeTo(phoneNumber);
    for (const route of changing(dev)) {
      const own = await person.call({
        method: route.method,
        path: route.path,
        headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `code=${code}&attack=bomb_number&channel=sms&payee=Ann&iban=NL91ABNA0417164300&amount=1`,
      });
      expect(own.status, nameOf(route)).toBe(403);
      expect(own.headers['set-cookie'], nameOf(route)).toBeUndefined();
      expectFramedByNobody(own, nameOf(route));
    }
    await expectUntouched();
  });

  it('H3 case 69 from the bank’s own pages each of them is heard', async () => {
    const stranger = new FormClient(demo, { 'Sec-Fetch-Site': 'same-origin' });
    for (const { method, path, ...route } of changing(dev)) {
      expect((await stranger.call({ method, path })).status, nameOf({ method, path, ...route })).not.toBe(403);
    }
  });

  it('H3 nothing changes by GET or HEAD, nor by what some servers take for another method', async () => {
    const before = await contentOf(redis.url);
    expect(Object.keys(before).length).toBeGreaterThan(8);
    const ways: readonly Omit<HttpCall, 'path'>[] = [
      {},
      { method: 'HEAD' },
      { headers: { 'X-HTTP-Method-Override': 'POST', 'X-HTTP-Method': 'POST', 'X-Method-Override': 'POST' } },
    ];
    const query = `_method=POST&code=${demo.lastCodeTo(phoneNumber)}&channel=sms&attack=bomb_number&done=number&notice=taken`;
    for (const path of new Set(dev.map((route) => route.path))) {
      for (const way of ways) {
        const answer = await person.call({ ...way, path: `${path}?${query}` });
        expect([200, 303, 400, 401, 404, 410], `${way.method} ${path}`).toContain(answer.status);
      }
    }
    // Something may have expired meanwhile; that nothing was taken away, the pages show.
    expect(before).toMatchObject(await contentOf(redis.url));
    await expectUntouched();
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'application/x-www-form-urlencodedx'])(
    'case 69 a form of type %s, which other sites can send, says nothing to a route that reads fields',
    async (type) => {
      const code = demo.lastCodeTo(phoneNumber);
      const fields = { code, attack: 'bomb_number', channel: 'sms', password: SAMPLE_OPERATOR.password, phoneNumber };
      const body = type.startsWith('multipart')
        ? Object.entries(fields)
            .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
            .join('') + '--x--\r\n'
        : new URLSearchParams(fields).toString();
      for (const path of ['/code', '/sign-in', '/sign-up', '/sign-up/check', '/password', '/transfer', '/number/new']) {
        const answer = await person.call({ method: 'POST', path, body, headers: { 'Content-Type': type } });
        expect([400, 415], path).toContain(answer.status);
      }
      for (const path of ['/desk/sign-in', '/attack']) {
        const answer = await person.call({ method: 'POST', path, body, headers: { 'Content-Type': type } });
        expect([400, 415], path).toContain(answer.status);
      }
      await expectUntouched();
    },
  );

  it('H4 case 71 nothing redirects but to paths of the bank, whatever a request says', async () => {
    const client = new FormClient(demo);
    const target = encodeURIComponent(`${EVIL}/`);
    const query = ['next', 'redirect', 'redirect_uri', 'returnTo', 'url', 'continue', 'done', 'notice', 'sent']
      .map((name) => `${name}=${target}`)
      .join('&');
    const headers = {
      Referer: `${EVIL}/`,
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      'X-Original-URL': `${EVIL}/`,
      'X-Rewrite-URL': '//evil.example',
      Forwarded: 'host=evil.example;proto=https',
    };
    const calls: readonly HttpCall[] = [
      ...dev.map(({ method, path }) => ({ method, path: `${path}?${query}` })),
      ...[
        '//evil.example',
        '/\\evil.example',
        '//evil.example/account',
        '/account//evil.example',
        '/..//evil.example',
      ].map((path) => ({ path })),
      {
        method: 'POST',
        path: `/sign-in?${query}`,
        body: { country: '', phoneNumber: freshNumber(), next: EVIL, returnTo: EVIL },
      },
      { method: 'POST', path: `/attack?${query}`, body: { attack: 'rotate_ipv6', next: EVIL } },
      { method: 'POST', path: '/attack/stop' },
    ];
    const places = new Set<string>();
    const hosts = [{}, { Host: 'evil.example' }];
    for (const [call, host] of calls.flatMap((each) => hosts.map((given) => [each, given] as const))) {
      const answer = await client.call({ ...call, headers: { ...headers, ...host } });
      places.add(answer.headers.location ?? 'nowhere');
      expect(answer.headers, call.path).not.toHaveProperty('refresh');
      expect(answer.text, call.path).not.toMatch(/(?:href|action|src|url)="?[^" ]*evil/i);
    }
    const known = ['/', '/sign-up', '/number', '/desk/sign-in', '/code', '/attack', '/attack#rotate_ipv6', 'nowhere'];
    expect([...places].filter((place) => !known.includes(place))).toEqual([]);
    expect(places.size).toBeGreaterThan(5);
  });

  it('case 72 no origin is told that it may read or send anything', async () => {
    for (const { method, path } of dev) {
      for (const origin of [EVIL, 'null', demo.url]) {
        const preflight = {
          Origin: origin,
          'Access-Control-Request-Method': method,
          'Access-Control-Request-Headers': 'content-type,otp-proof',
          'Access-Control-Request-Private-Network': 'true',
        };
        const stranger = new FormClient(demo);
        for (const answer of [
          await stranger.call({ method: 'OPTIONS', path, headers: preflight }),
          await stranger.call({ method, path, headers: { Origin: origin } }),
        ]) {
          const told = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
          expect(told, `${method} ${path} ${origin}`).toEqual([]);
          expect(JSON.stringify(answer.headers)).not.toContain('evil');
        }
      }
    }
  });

  it('case 73 no page can be framed, nor any that says what went wrong', async () => {
    for (const { path } of dev.filter(({ method }) => method === 'GET')) {
      expectFramedByNobody(await person.get(path, HTML), path);
      expectFramedByNobody(await new FormClient(demo).get(path, HTML), path);
    }
    const big = { method: 'POST', path: '/sign-in', body: { phoneNumber: 'x'.repeat(2_000_000) } };
    const calls: readonly HttpCall[] = [
      { path: '/nowhere', headers: HTML },
      { path: '/nowhere' },
      { path: '/%', headers: HTML },
      { path: '/assets/%zz' },
      { path: '/assets/..%2f..%2fmain.ts' },
      { method: 'PUT', path: '/code' },
      { method: 'POST', path: '/sign-in', body: '{', headers: { 'Content-Type': 'application/json' } },
      { method: 'POST', path: '/sign-in', body: {} },
      big,
    ];
    for (const call of calls) {
      const answer = await new FormClient(demo).call(call);
      expect(answer.status, call.path).toBeGreaterThanOrEqual(400);
      expect(answer.status, call.path).toBeLessThan(500);
      expectFramedByNobody(answer, `${call.method} ${call.path}`);
      expect(answer.text).not.toMatch(/node_modules|\.ts:|\.js:|at \w+ \(/);
    }
  });
});

describe.each(['express', 'fastify'] as const)('in production on %s', (adapter) => {
  it('case 67 the routes that development has beside are not there', async () => {
    const added = dev.filter((route) => !production.map(nameOf).includes(nameOf(route)));
    expect(added.map(nameOf).toSorted()).toEqual([
      'GET /attack',
      'GET /dev/inbox',
      'POST /attack',
      'POST /attack/stop',
    ]);
    const demo = await startDemo({ adapter, env: { NODE_ENV: 'production', ...productionSecrets() } });
    const client = new FormClient(demo);
    for (const route of added) {
      expect((await client.call(route)).status, nameOf(route)).toBe(404);
    }
    const hook = { method: 'POST', path: '/otp/webhooks/simulated/x', body: {} };
    expect((await client.call(hook)).status).toBe(404);
    // Nobody was named who may see it.
    for (const path of ['/desk', '/desk/sign-in']) {
      expect((await client.get(path)).status, path).toBe(404);
    }
    await demo.stop();
  });
});

function expectFramedByNobody({ headers }: HttpAnswer, where: string): void {
  expect(headers['content-security-policy'], where).toContain("frame-ancestors 'none'");
  expect(headers['content-security-policy'], where).toContain("default-src 'none'");
  expect(headers['x-frame-options'], where).toBe('DENY');
  expect(headers['x-content-type-options'], where).toBe('nosniff');
}

/** What Redis holds, but for what the desk counts by itself. */
async function contentOf(url: string): Promise<Readonly<Record<string, string>>> {
  const client = new Redis(url);
  try {
    const keys = (await client.keys('*')).filter((key) => !key.includes(':desk:')).toSorted();
    const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
    return Object.fromEntries(keys.map((key, index) => [key, dumps[index]?.toString('base64') ?? '']));
  } finally {
    client.disconnect();
  }
}
