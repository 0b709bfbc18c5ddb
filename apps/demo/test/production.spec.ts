import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionSecrets, startDemo, type RunningDemo } from '../../../test/support/demo-app.js';
import { DemoClient } from '../../../test/support/demo-client.js';

describe.each(['express', 'fastify'] as const)('the demo in production on %s', (adapter) => {
  let demo: RunningDemo;
  let client: DemoClient;

  beforeAll(async () => {
    demo = await startDemo({ adapter, env: { NODE_ENV: 'production', ...productionSecrets() } });
    client = new DemoClient(demo);
  });
  afterAll(() => demo.stop());

  it('case 67: has no inbox and no phone panel', async () => {
    for (const path of ['/dev/inbox', '/dev/inbox/', '/dev', '/assets/dev-phone.js', '/assets/dev-phone.css']) {
      expect((await client.get(path)).status, path).toBe(404);
    }
    expect(await (await client.get('/')).text()).not.toMatch(/simulated|dev-phone|inbox/i);
  });

  it('A6 shows the code in no answer', async () => {
    const response = await client.post('/otp/challenges', { body: { phoneNumber: '+31612345678' } });
    expect(response.status).toBe(201);
    const answer = (await response.text()) + JSON.stringify([...response.headers]);
    expect(answer).not.toContain(demo.lastCodeTo('+31612345678'));
  });

  it('C3 believes no proxy that is not listed', async () => {
    const forged = new DemoClient(demo, { 'X-Forwarded-Proto': 'https' });
    expect(await forged.signIn({ phoneNumber: '+31612345679' })).toMatch(/^session=/);
  });
});
