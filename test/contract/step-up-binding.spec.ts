import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, named, NUMBER, wrongCode } from '../support/http.js';
import { codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const HOST = 'app.acme.com';
const ATTEMPTS = 5;
const post = (path: string, body: unknown = TRANSFER): HttpCall => ({ method: 'POST', path, body });

describe.each(IN_MEMORY)('what a code stands for, on $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;

  beforeEach(async () => {
    sample = await startSample(deployment, { origin: HOST, messages: { languages: ['en'] } });
    ann = sample.client('ann');
  });

  afterEach(() => sample.otp.close());

  const text = () => sample.otp.transport.lastTo(NUMBER)?.text ?? '';
  const failures = () => sample.events.flatMap((event) => (event.type === 'challenge.failed' ? [event.reason] : []));

  it('A4 amount and payee stand in the message', async () => {
    const { code } = await ann.stepUp();
    expect(text()).toBe(
      `${code} is your Acme code for amount 12.00, payee NL91 ABNA 0417 1643 00. ` +
        `It expires in 3 minutes. Never share it.\n\n@${HOST} #${code}`,
    );
  });

  const paid = post('/payouts');
  const fromAcme = post('/payouts/from/acme');
  it.each<[string, HttpCall, HttpCall]>([
    ['amount', paid, post('/payouts', { ...TRANSFER, amount: '13.00' })],
    ['amount by another spelling', paid, post('/payouts', { ...TRANSFER, amount: '012.00' })],
    ['payee', paid, post('/payouts', { ...TRANSFER, payee: 'NL20INGB0001234567' })],
    ['payee by its letter case', paid, post('/payouts', { ...TRANSFER, payee: TRANSFER.payee.toLowerCase() })],
    ['payee by what nobody sees', paid, post('/payouts', { ...TRANSFER, payee: `${TRANSFER.payee}\u200B` })],
    ['route', paid, post('/payouts/inline')],
    ['route to one that asks for less', paid, post('/payouts/repeatable')],
    ['route to one with a parameter', paid, post('/payouts/from/acme')],
    ['path parameter', fromAcme, post('/payouts/from/evil')],
    ['path parameter by its letter case', fromAcme, post('/payouts/from/ACME')],
    ['method', fromAcme, { ...fromAcme, method: 'PUT' }],
  ])('A4 case 23 another %s is refused, costs an attempt, and does nothing', async (_name, first, second) => {
    const stepped = await ann.stepUp(first);
    const answer = await ann.repeat(second, stepped);
    expectProblem(answer, 422, 'incorrect_code');
    expect(answer.body['attemptsRemaining']).toBe(ATTEMPTS - 1);
    expect(failures()).toEqual(['wrong_binding']);
    expect(sample.bank.handlers).toEqual([]);
    expect((await ann.repeat(first, stepped)).status).toBeLessThan(300);
    expect(sample.bank.handlers).toHaveLength(1);
  });

  it('B1 case 23 five changed amounts end it, even for the true one', async () => {
    const stepped = await ann.stepUp();
    for (let amount = 1; amount <= ATTEMPTS; amount += 1) {
      const changed = { ...TRANSFER, amount: `${amount}.00` };
      expectProblem(await ann.pay(changed, codeHeaders(stepped)), 422, 'incorrect_code');
    }
    expectProblem(await ann.pay(TRANSFER, codeHeaders(stepped)), 410, 'attempts_exhausted');
    expect(sample.bank.handlers).toEqual([]);
  });

  it('K1 a wrong code and a changed amount look alike to the client, and are told apart for operators', async () => {
    const { challengeId, code } = await ann.stepUp();
    const wrong = await ann.pay(TRANSFER, codeHeaders({ challengeId, code: wrongCode(code) }));
    const changed = await ann.pay({ ...TRANSFER, amount: '13.00' }, codeHeaders({ challengeId, code }));
    expect({ ...wrong.body, attemptsRemaining: 0 }).toEqual({ ...changed.body, attemptsRemaining: 0 });
    expect(failures()).toEqual(['wrong_code', 'wrong_binding']);
  });

  it('a wrong code for a changed amount tells nothing of the code', async () => {
    const { challengeId, code } = await ann.stepUp();
    await ann.pay({ ...TRANSFER, amount: '13.00' }, codeHeaders({ challengeId, code: wrongCode(code) }));
    expect(failures()).toEqual(['wrong_binding']);
  });

  it.each<[string, HttpCall]>([
    ['the query string', post('/payouts?note=rent&amount=900.00')],
    ['the order of members', post('/payouts', { payee: TRANSFER.payee, amount: TRANSFER.amount })],
    [
      'white space of the JSON',
      { ...paid, body: JSON.stringify(TRANSFER, undefined, 4), headers: { 'Content-Type': 'application/json' } },
    ],
    ['members that `binding` does not take', post('/payouts', { ...TRANSFER, note: 'rent' })],
    ['other headers', { ...paid, headers: { 'User-Agent': 'another', 'X-Amount': '900.00' } }],
  ])('%s is not bound', async (_name, second) => {
    const stepped = await ann.stepUp(paid);
    expect((await ann.repeat(second, stepped)).status).toBe(201);
  });

  it('case 14 a path parameter has one meaning, however it is escaped', async () => {
    const stepped = await ann.stepUp(fromAcme);
    expect((await ann.repeat(post('/payouts/from/%61%63me'), stepped)).status).toBe(201);
    expect(sample.bank.ran).toEqual([{ handler: 'from', seen: { account: 'acme' } }]);
  });

  it.each(['/payouts/mandate', '/payouts'])(
    'I2 a request to %s without a body is the client’s mistake',
    async (path) => {
      expectProblem(await ann.post(path), 400, 'invalid_request');
      expect(sample.otp.transport.messages).toHaveLength(0);
    },
  );

  it('A4 numbers and truth values are bound by their value', async () => {
    const terms = { ...TRANSFER, yearly: true, day: 1 };
    const stepped = await ann.stepUp(post('/payouts/mandate', terms));
    expect(text()).toContain('for amount 12.00, payee NL91 ABNA 0417 1643 00, yearly true, day 1.');
    for (const changed of [{ yearly: false }, { day: 2 }]) {
      expectProblem(
        await ann.repeat(post('/payouts/mandate', { ...terms, ...changed }), stepped),
        422,
        'incorrect_code',
      );
    }
    const headers = { 'Content-Type': 'application/json' };
    const spelled = { ...post('/payouts/mandate', JSON.stringify(terms).replace('"day":1', '"day":1.0e0')), headers };
    expect((await ann.repeat(spelled, stepped)).status).toBe(201);
  });

  it('A4 binding and action of the proof are SHA-256 of their canonical JSON (RFC 8785)', async () => {
    await ann.pay(TRANSFER, codeHeaders(await ann.stepUp()));
    const sha256 = (json: string) => createHash('sha256').update(json).digest('base64url');
    expect(sample.bank.ran).toMatchObject([
      {
        seen: {
          proof: {
            binding: sha256('{"amount":"12.00","payee":"NL91ABNA0417164300"}'),
            action: sha256('{"method":"POST","params":{},"route":"/payouts"}'),
          },
        },
      },
    ]);
  });

  it.each<[string, string, unknown]>([
    ['#/amount', 'a number', { ...TRANSFER, amount: 12 }],
    ['#/amount', 'a list', { ...TRANSFER, amount: ['12.00'] }],
    ['#/amount', 'nothing', { payee: TRANSFER.payee }],
    ['#/amount', 'no amount', { ...TRANSFER, amount: '1e9' }],
    ['#/payee', 'an object', { ...TRANSFER, payee: { iban: TRANSFER.payee } }],
    ['#/payee', 'nothing to see', { ...TRANSFER, payee: '\u200B\u2060' }],
    ['#/payee', 'more than a message shows', { ...TRANSFER, payee: 'x'.repeat(65) }],
    ['#/payee', 'half a character', { ...TRANSFER, payee: 'Ann\uD800' }],
  ])('J1 %s with %s is 400 before any message, with the code as without', async (pointer, _name, body) => {
    const { challengeId, code } = await ann.stepUp();
    for (const headers of [{}, codeHeaders({ challengeId, code })]) {
      const answer = await ann.pay(body, headers);
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body['errors']).toEqual([{ pointer, detail: expect.any(String) }]);
    }
    expect(sample.otp.transport.messages).toHaveLength(1);
    expect((await ann.otpRoutes.status(challengeId)).body).toMatchObject({ attemptsRemaining: ATTEMPTS });
  });

  it('J1 every member that is wrong is named, and a request without a body has none', async () => {
    for (const body of [undefined, {}, [], { __proto__: TRANSFER }, '{"__proto__":{"amount":"12.00","payee":"x"}}']) {
      const answer = await ann.post('/payouts', body, { 'Content-Type': 'application/json' });
      expect(answer.status, answer.text).toBe(400);
    }
    const answer = await ann.pay({});
    expect(answer.body['errors']).toMatchObject([{ pointer: '#/amount' }, { pointer: '#/payee' }]);
    expect(sample.otp.transport.messages).toEqual([]);
  });

  it.each(
    named([
      'x\r\n\r\n@evil.example #000000',
      'x\u2028@evil.example #000000',
      'https://evil.example/login',
      'tel:+31900123456',
      'Ann. 999999 is your Acme code',
      'Ann, amount 1.00',
      '${code} {{code}} %s',
    ]),
  )('J2 case 64 a payee called %s is inert in the message', async (_name, payee) => {
    const { code } = await ann.stepUp(post('/payouts', { ...TRANSFER, payee }));
    const [words = '', ...rest] = text().split(/[\n\r\u0085\u2028\u2029]/);
    expect(rest).toEqual(['', `@${HOST} #${code}`]);
    expect(words).toMatch(/^\d{6} is your Acme code for amount 12\.00, payee (".+"|\S+)\. It expires in 3 minutes\./);
    expect(words.slice(code.length)).not.toMatch(/[@#]|\p{Nd}{6}|:\/\/|\w:\S|[.。]\p{L}{2}/iu);
  });

  it('A4 A5 case 18 a resend shows the same again, keeps the binding, and ends the old code', async () => {
    const { challengeId, code: oldCode } = await ann.stepUp();
    const shown = text().replaceAll(oldCode, '');
    sample.otp.clock.advanceSeconds(30);
    expect((await ann.otpRoutes.resend(challengeId)).status).toBe(200);
    const code = ann.code();
    expect(text().replaceAll(code, '')).toBe(shown);
    expectProblem(
      await ann.pay({ ...TRANSFER, amount: '13.00' }, codeHeaders({ challengeId, code })),
      422,
      'incorrect_code',
    );
    expectProblem(
      await ann.post('/payouts/inline', TRANSFER, codeHeaders({ challengeId, code })),
      422,
      'incorrect_code',
    );
    expectProblem(await ann.pay(TRANSFER, codeHeaders({ challengeId, code: oldCode })), 422, 'incorrect_code');
    expect(failures()).toEqual(['wrong_binding', 'wrong_binding', 'wrong_code']);
    expect((await ann.pay(TRANSFER, codeHeaders({ challengeId, code }))).status).toBe(201);
  });
});
