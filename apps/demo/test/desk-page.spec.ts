import { afterEach, describe, expect, it } from 'vitest';
import { type RunningDemo, startDemo } from '../../../test/support/demo-app.js';
import { type RedisServer, startRedis } from '../../../test/support/redis-server.js';
import { DeskRecorder } from '../src/desk/desk-recorder.js';
import { SAMPLE_OPERATOR } from '../src/desk-operator.js';

let redis: RedisServer | undefined;
const demos: RunningDemo[] = [];
afterEach(async () => {
  await Promise.all(demos.splice(0).map((demo) => demo.stop()));
  await redis?.stop();
  redis = undefined;
});

async function start(options: Parameters<typeof startDemo>[0] = {}): Promise<RunningDemo> {
  const demo = await startDemo(options);
  demos.push(demo);
  return demo;
}

/** A browser as far as forms and cookies go; cookies are sent to every instance, as to one host behind a balancer. */
class Operator {
  private readonly cookies = new Map<string, string>();

  async get({ url }: RunningDemo, path: string): Promise<Response> {
    return this.keep(await fetch(new URL(path, url), { redirect: 'manual', headers: this.headers() }));
  }

  async post({ url }: RunningDemo, path: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const options = { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) } as const;
    return this.keep(await fetch(new URL(path, url), { ...options, headers: this.headers() }));
  }

  async signIn(demo: RunningDemo): Promise<void> {
    await this.post(demo, '/desk/sign-in', { password: SAMPLE_OPERATOR.password });
    const code = demo.lastCodeTo(SAMPLE_OPERATOR.phoneNumber);
    const answer = await this.post(demo, '/code', { code });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/desk']);
  }

  private headers(): Readonly<Record<string, string>> {
    return { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private keep(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }
}

describe.each(['express', 'fastify'] as const)('the security desk on %s', (adapter) => {
  it('is shown to the operator alone, and kept by no cache', async () => {
    const demo = await start({ adapter });
    const operator = new Operator();
    const stranger = await operator.get(demo, '/desk');
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/desk/sign-in']);
    await operator.post(demo, '/desk/sign-in', { password: SAMPLE_OPERATOR.password });
    expect((await operator.get(demo, '/desk')).status).toBe(303);

    await operator.signIn(demo);
    await demo.app.get(DeskRecorder).flush();
    const page = await operator.get(demo, '/desk');
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const html = await page.text();
    expect(html).toContain('challenge.verified');
    expect(html).toContain('+31*******02');
    expect(html).not.toContain(SAMPLE_OPERATOR.phoneNumber.slice(3));

    await operator.post(demo, '/desk/sign-out');
    expect((await operator.get(demo, '/desk')).status).toBe(303);
  });

  it('shows the same figures on every instance with one Redis', async () => {
    redis = await startRedis();
    const env = { REDIS_URL: redis.url, OTP_SECRETS: 'one secret for all of the instances' };
    const [one, other] = [await start({ env, adapter }), await start({ env, adapter })];
    const operator = new Operator();
    await operator.signIn(one);
    for (const { app } of [one, other]) {
      await app.get(DeskRecorder).flush();
      await app.get(DeskRecorder).report();
    }
    const figures = async (demo: RunningDemo) => {
      const html = await (await operator.get(demo, '/desk')).text();
      const instances = [...html.matchAll(/<h3><bdi>([\da-f]{8})<\/bdi>/g)].map(([, name]) => name);
      return { counts: [...html.matchAll(/<strong>(\d+)<\/strong>/g)].map(([, count]) => count), instances };
    };
    const shown = await figures(one);
    expect(shown.counts).toEqual(['1', '1', '0', '0']);
    expect(shown.instances).toHaveLength(2);
    expect(await figures(other)).toEqual(shown);
  });
});
