import type { Response } from 'playwright-core';
import { expect } from 'vitest';
import { productionSecrets, type RunningDemo, startDemo } from '../support/demo-app.js';
import { type HttpsProxy, PROXY_ADDRESS, startHttpsProxy } from '../support/https-proxy.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { deploy, type Setting } from './bank/deployments.js';
import { type Flow, FLOWS } from './bank/flows.js';
import type { Person } from './bank/people.js';
import { type Deployment, runFlows, shareOf } from './bank/run-flows.js';
import type { Visitor } from './bank/visitor.js';

const HOST = 'bank.localhost';
const DESK = { DESK_PASSWORD: 'a watch on the whole coast', DESK_PHONE_NUMBER: '+31640003000' };
/** Nobody has signed the proxy's certificate. */
const BEHIND_PROXY: Person = { title: 'behind a proxy', browser: { ignoreHTTPSErrors: true } };

const PRODUCTION: readonly Setting[] = [
  { adapter: 'express', store: 'memory' },
  { adapter: 'fastify', store: 'Redis' },
];
for (const [place, setting] of PRODUCTION.entries()) {
  const share = shareOf(FLOWS, { place, places: PRODUCTION.length });
  runFlows(`production behind a proxy with HTTPS: ${setting.adapter} with ${setting.store}`, {
    start: () => startProduction(setting),
    person: BEHIND_PROXY,
    flows: [...share.map(withSecureAnswers), ...inProduction()],
  });
}

let instances: HttpsProxy;
runFlows('two instances, Express and Fastify, on one Redis behind one proxy', {
  async start() {
    const deployment = await startInstances();
    instances = deployment.proxy;
    return deployment;
  },
  person: BEHIND_PROXY,
  // Those in which what one instance has written is read by the other in many places.
  flows: FLOWS.filter(({ title }) => /^(?:H8|D4|signing)/.test(title)),
  async check() {
    // Each flow has more requests than one, so both had a part in it.
    expect(Math.min(...instances.requests)).toBeGreaterThan(2);
    expect(Math.abs(Math.max(...instances.requests) - Math.min(...instances.requests))).toBeLessThanOrEqual(1);
  },
});

async function startProduction(setting: Setting): Promise<Deployment> {
  const env = {
    NODE_ENV: 'production',
    ...productionSecrets(),
    ...DESK,
    HOST,
    TRUSTED_PROXIES: PROXY_ADDRESS,
  };
  const { demo, stop } = await deploy(setting, env);
  const proxy = await startHttpsProxy({ targets: [demo.url], host: HOST });
  return { demo, url: proxy.url, stop: () => stopAll([proxy, { stop }]) };
}

async function startInstances(): Promise<Deployment & { readonly proxy: HttpsProxy }> {
  const redis = await startRedis();
  const env = { REDIS_URL: redis.url, ...productionSecrets(), TRUSTED_PROXIES: 'loopback' };
  const one = await startDemo({ env, adapter: 'express' });
  const other = await startDemo({ env, adapter: 'fastify' });
  const proxy = await startHttpsProxy({ targets: [one.url, other.url] });
  return { demo: together(one, other), url: proxy.url, proxy, stop: () => stopAll([proxy, one, other, redis]) };
}

/** Each instance has a phone of its own, and the newest message may be on either. */
function together(one: RunningDemo, other: RunningDemo): RunningDemo {
  const newestOn = (demo: RunningDemo, phoneNumber: string) => demo.messagesTo(phoneNumber)[0]?.sentAt ?? '';
  const withNewest = (phoneNumber: string) => (newestOn(one, phoneNumber) > newestOn(other, phoneNumber) ? one : other);
  return {
    ...one,
    messagesTo: (phoneNumber) => withNewest(phoneNumber).messagesTo(phoneNumber),
    lastCodeTo: (phoneNumber) => withNewest(phoneNumber).lastCodeTo(phoneNumber),
  };
}

/** In order: what uses something stops before it. */
async function stopAll(parts: readonly (Pick<RedisServer, 'stop'> | undefined)[]): Promise<void> {
  for (const part of parts) {
    await part?.stop();
  }
}

/** The same flow, with a look at each answer. */
function withSecureAnswers({ title, run }: Flow): Flow {
  return {
    title: `H2 ${title}`,
    async run(visitor, demo, another) {
      const answers: Response[] = [];
      visitor.context.on('response', (answer) => void answers.push(answer));
      await run(visitor, demo, another);
      const cookies: string[] = [];
      for (const answer of answers) {
        const headers = await answer.headersArray();
        const valuesOf = (name: string) =>
          headers.filter((header) => header.name.toLowerCase() === name).map(({ value }) => value);
        expect(valuesOf('strict-transport-security').join(), answer.url()).toMatch(/^max-age=\d{8}/);
        cookies.push(...valuesOf('set-cookie').flatMap((value) => value.split('\n')));
      }
      expect(cookies.length).toBeGreaterThan(1);
      for (const cookie of cookies) {
        const [pair = '', ...attributes] = cookie.split('; ');
        expect(pair).toMatch(/^__Host-(?:session|code|draft|number|desk|otp-device|browser|desk-browser)=[\w.-]*$/);
        expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure']));
        expect(attributes.join()).toMatch(/SameSite=(?:Lax|Strict)/);
        expect(attributes.join()).not.toMatch(/Domain/i);
      }
    },
  };
}

function inProduction(): readonly Flow[] {
  return [
    {
      title: 'case 67: no page shows a phone, a sample or an attack, and no such route is there',
      async run(visitor, demo) {
        for (const path of ['/', '/password', '/sign-up', '/desk/sign-in', '/code']) {
          await visitor.goTo(path);
          expect(await visitor.page.content(), path).not.toMatch(
            /handset|simulated|dev-|inbox|attack|terns nest|watch the coast line|a watch on the whole coast|4000100/i,
          );
        }
        const phoneNumber = await askForCode(visitor, '+31655550011');
        expect(await visitor.page.content()).not.toContain(demo.lastCodeTo(phoneNumber));
        for (const path of [
          '/dev/inbox',
          '/dev',
          '/attack',
          '/attack/stop',
          '/assets/dev-phone.css',
          '/assets/dev-attack.css',
          '/otp/webhooks/simulated/x',
        ]) {
          expect((await visitor.page.goto(new URL(path, visitor.page.url()).href))?.status(), path).toBe(404);
        }
      },
    },
    {
      title: 'U3 messages name the host that the browser is at',
      async run(visitor, demo) {
        const phoneNumber = await askForCode(visitor, '+31655550012');
        const code = demo.lastCodeTo(phoneNumber);
        expect(demo.messagesTo(phoneNumber)[0]?.text.endsWith(`\n@${HOST} #${code}`)).toBe(true);
      },
    },
    {
      title: 'C3 H2 whoever does not come through the proxy cannot claim HTTPS, nor use a cookie of it',
      async run(visitor, demo) {
        await FLOWS.find(({ title }) => title.startsWith('signing up'))?.run(visitor, demo, async () => visitor);
        const jar = await visitor.context.cookies();
        const cookie = jar.map(({ name, value }) => `${name}=${value}`).join('; ');
        expect(cookie).toContain('__Host-session=');
        const direct = (headers: Readonly<Record<string, string>>) =>
          fetch(`${demo.url}/account`, {
            redirect: 'manual',
            headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.7', ...headers },
          });
        expect((await direct({ Cookie: cookie })).status).toBe(303);
        // Over plain HTTP it has no prefix, which shows that it is the scheme that was not believed.
        expect((await direct({ Cookie: cookie.replaceAll('__Host-', '') })).status).toBe(200);
      },
    },
  ];
}

async function askForCode(visitor: Visitor, phoneNumber: string): Promise<string> {
  await visitor.goTo('/');
  await visitor.send('sign-in-form', { phone: phoneNumber });
  await visitor.arrivesAtCode();
  return phoneNumber;
}
