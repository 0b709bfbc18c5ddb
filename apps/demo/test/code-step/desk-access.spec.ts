import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemo, type RunningDemo } from '../../../../test/support/demo-app.js';
import { BankClient } from './bank-client.js';

const OPERATOR = { DESK_PASSWORD: 'nobody guesses this one', DESK_PHONE_NUMBER: '+31612349875' };

describe.each(['express', 'fastify'] as const)('the way to the desk, on %s', (adapter) => {
  const clock = new ManualClock();
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await startDemo({ adapter, env: OPERATOR, clock, store: memoryStore({ namespace: 'demo', clock }) });
  });
  afterAll(() => demo.stop());

  async function atCode(): Promise<BankClient> {
    clock.advanceSeconds(600);
    const client = new BankClient(demo);
    const answer = await client.send('/desk/sign-in', { password: OPERATOR.DESK_PASSWORD });
    expect(answer).toMatchObject({ status: 303, location: '/code' });
    return client;
  }

  it('H8 needs password and code; neither alone, nor a session of the bank, opens it', async () => {
    const client = await atCode();
    expect(await client.get('/desk')).toMatchObject({ status: 303, location: '/desk/sign-in' });
    expect(await client.enterCodeSentTo(OPERATOR.DESK_PHONE_NUMBER)).toMatchObject({ status: 303, location: '/desk' });
    expect((await client.get('/desk')).status).toBe(200);

    clock.advanceSeconds(60);
    const customer = new BankClient(demo);
    expect(await customer.signIn(OPERATOR.DESK_PHONE_NUMBER)).toMatchObject({ location: '/account' });
    customer.cookies.set('desk', customer.cookies.get('session') ?? '');
    expect(await customer.get('/desk')).toMatchObject({ status: 303, location: '/desk/sign-in' });
  });

  it('H2 its cookie is HttpOnly and strict, and a new one at each sign-in', async () => {
    const client = await atCode();
    const answer = await client.enterCodeSentTo(OPERATOR.DESK_PHONE_NUMBER);
    const line = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('desk='));
    expect(line).toMatch(/^desk=[\w-]{43}; Path=\/; Max-Age=900; HttpOnly; SameSite=Strict$/);
    const former = client.cookies.get('desk') ?? '';
    clock.advanceSeconds(60);
    await client.send('/desk/sign-in', { password: OPERATOR.DESK_PASSWORD });
    await client.enterCodeSentTo(OPERATOR.DESK_PHONE_NUMBER);
    const late = new BankClient(demo);
    late.cookies.set('desk', former);
    expect(await late.get('/desk')).toMatchObject({ status: 303, location: '/desk/sign-in' });
  });

  it('closes after a quarter of an hour, and when the operator leaves', async () => {
    const client = await atCode();
    await client.enterCodeSentTo(OPERATOR.DESK_PHONE_NUMBER);
    clock.advanceSeconds(899);
    expect((await client.get('/desk')).status).toBe(200);
    clock.advanceSeconds(1);
    expect((await client.get('/desk')).status).toBe(303);

    const leaving = await atCode();
    await leaving.enterCodeSentTo(OPERATOR.DESK_PHONE_NUMBER);
    const kept = leaving.cookies.get('desk') ?? '';
    expect(await leaving.send('/desk/sign-out')).toMatchObject({ status: 303, location: '/desk/sign-in' });
    leaving.cookies.set('desk', kept);
    expect((await leaving.get('/desk')).status).toBe(303);
  });

  it('the password of development is shown only where it is the password', async () => {
    expect((await new BankClient(demo).get('/desk/sign-in')).page).not.toContain('watch the coast line');
  });

  it('I3 too many passwords from one address are refused, the right one among them', async () => {
    clock.advanceSeconds(600);
    const client = new BankClient(demo);
    const answers = [];
    for (let n = 0; n < 10; n += 1) {
      answers.push((await client.send('/desk/sign-in', { password: `guess ${String(n)}` })).status);
    }
    expect(answers).toEqual(Array<number>(10).fill(422));
    const refused = await client.send('/desk/sign-in', { password: OPERATOR.DESK_PASSWORD });
    expect(refused.status).toBe(429);
    expect(refused.page).toContain('Too many tries. Try again in');
  });
});
