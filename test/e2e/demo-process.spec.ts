import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { launchBrowser } from '../support/browser.js';
import { codeIn, PHONE_NUMBER, productionSecrets } from '../support/demo-app.js';
import { DemoProcess } from '../support/demo-process.js';
import { effort } from '../support/effort.js';
import { freePort } from '../support/redis-server.js';
import { SignInPage } from '../support/sign-in-page.js';

/** Which values are refused is shown beside the configuration; here, that the process ends with the words of it. */
const REFUSED: [name: string, value: string][] = [
  ['PORT', 'abc'],
  ['TRUSTED_PROXIES', '10.0.0.0/40'],
  ['OTP_COUNTRIES', 'XX'],
  ['OTP_SECRETS', 'short'],
];

const inboxSchema = z.array(z.object({ text: z.string() }));

describe('the built demo', () => {
  let demo: DemoProcess | undefined;

  function start(env: ConstructorParameters<typeof DemoProcess>[0] = {}): DemoProcess {
    demo = new DemoProcess(env);
    return demo;
  }

  afterEach(async () => {
    await demo?.end('SIGKILL');
    demo = undefined;
  });

  it('signs a person in without any configuration, logs no code and no number, and ends cleanly', async () => {
    const running = start();
    const url = await running.url();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const signIn = new SignInPage(page, url);
      await signIn.open();
      await signIn.askForCode(PHONE_NUMBER);
      const answer = await fetch(`${url}/dev/inbox?to=${encodeURIComponent(PHONE_NUMBER)}`);
      const [message] = inboxSchema.parse(await answer.json());
      const code = codeIn(message?.text);
      await signIn.enter(code);
      await page.waitForURL('**/account');
      expect(signIn.faults).toEqual([]);
      expect(running.log.output).toContain('OTP_SECRETS is not set');
      expect(running.log.output + running.log.errors).not.toContain(code);
      expect(running.log.output + running.log.errors).not.toContain(PHONE_NUMBER.slice(1));
      expect(await running.end('SIGTERM')).toBe(0);
    } finally {
      await browser.close();
    }
  });

  it('does not start in production without its secrets', async () => {
    const refused = start({ NODE_ENV: 'production' });
    expect(await refused.end()).toBe(1);
    expect(refused.log).toEqual({
      output: '',
      errors: expect.stringMatching(/^OTP_SECRETS and OTP_INDEX_SECRET are not set, .*\n$/),
    });
  });

  it.each(effort(REFUSED.slice(0, 1), REFUSED))('does not start with %s=%s', async (name, value) => {
    const refused = start({ [name]: value });
    expect(await refused.end()).toBe(1);
    expect(refused.log.errors).toMatch(new RegExp(`^${name} .*\\n$`));
  });

  it('says when its port is taken', async () => {
    const first = new DemoProcess();
    try {
      const { port } = new URL(await first.url());
      const second = start({ PORT: port });
      expect(await second.end()).toBe(1);
      expect(second.log.errors).toContain('PORT is taken by another program');
    } finally {
      await first.end('SIGKILL');
    }
  });

  it('says when its Redis is not there', async () => {
    const refused = start({ REDIS_URL: `redis://:pass-word@127.0.0.1:${await freePort()}` });
    expect(await refused.end()).toBe(1);
    expect(refused.log.errors).toContain('REDIS_URL names a Redis that does not answer');
    expect(refused.log.output + refused.log.errors).not.toContain('pass-word');
  });

  it('says in production that no SMS leaves it', async () => {
    const running = start({ NODE_ENV: 'production', ...productionSecrets() });
    const url = await running.url();
    expect(running.log.output).toContain('No SMS leaves this demo');
    expect((await fetch(`${url}/dev/inbox`)).status).toBe(404);
    expect(await running.end('SIGINT')).toBe(0);
  });
});
