import argon2 from 'argon2';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { productionSecrets, type RunningDemo, startDemo } from '../../../test/support/demo-app.js';
import { type Fields, FORM, FormClient, freshNumber, PASSWORD, wentTo } from '../../../test/support/form-client.js';
import type { HttpAnswer, HttpCall } from '../../../test/support/http.js';
import { changing, routesOf } from '../../../test/support/routes.js';

const IBAN = 'NL91ABNA0417164300';

/** Every form that has fields, filled in as on its page. */
const FORMS: Readonly<Record<string, Fields>> = {
  '/sign-in': { country: '', phoneNumber: '+31655550001' },
  '/password': { country: '', phoneNumber: '+31655550001', password: PASSWORD },
  '/sign-up': { country: '', name: 'Ann', phoneNumber: '+31655550001', password: PASSWORD },
  '/sign-up/check': { channel: 'sms' },
  '/code': { code: '123456' },
  '/code/resend': { channel: 'sms' },
  '/transfer': { payee: 'Ann', iban: IBAN, amount: '1' },
  '/number/new': { country: '', phoneNumber: '+31655550002' },
  '/desk/sign-in': { password: PASSWORD },
  '/attack': { attack: 'bomb_number' },
};

/** Forms of a button alone. */
const BUTTONS = [
  '/account/forget-browser',
  '/account/sign-out-everywhere',
  '/attack/stop',
  '/code/cancel',
  '/desk/sign-out',
  '/number',
  '/session/end',
];
/** What programs call: the module's routes, which have tests of their own, and the one that takes a proof in a header. */
const FOR_PROGRAMS = /^\/(?:otp\/.*|session)$/;

it('the forms below are all that there are', async () => {
  const demo = await startDemo();
  const paths = changing(routesOf(demo.app)).map(({ pattern }) => pattern);
  await demo.stop();
  expect(paths.filter((path) => !FOR_PROGRAMS.test(path)).toSorted()).toEqual(
    [...Object.keys(FORMS), ...BUTTONS].toSorted(),
  );
});

describe.each(['express', 'fastify'] as const)('forms on %s', (adapter) => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await startDemo({ adapter, env: { TRUSTED_PROXIES: 'loopback' } });
  });
  afterAll(() => demo.stop());
  afterEach(() => void vi.restoreAllMocks());

  const browser = (headers: Fields = {}) => new FormClient(demo, headers);

  describe.each(Object.entries(FORMS))('J1 case 61 %s', (path, fields) => {
    let person: FormClient;
    beforeAll(async () => {
      person = browser();
      await person.signIn();
    });

    const names = Object.keys(fields);
    const withEach = (value: (name: string) => string) =>
      names.map((name) => [new URLSearchParams({ ...fields, [name]: '' }).toString(), value(name)].join('&'));
    const json = (body: unknown): HttpCall => ({ path, body });
    const form = (body: string): HttpCall => ({ path, body, headers: { 'Content-Type': FORM } });

    /** From an address of its own, so that no throttle answers in place of the form. */
    async function answerTo(call: HttpCall): Promise<HttpAnswer> {
      const { address } = browser();
      return person.call({ ...call, method: 'POST', headers: { ...call.headers, 'X-Forwarded-For': address } });
    }

    it.each<[string, () => readonly HttpCall[]]>([
      ['a field twice', () => withEach((name) => `${name}=1&${name}=2`).map(form)],
      [
        'a list',
        () => withEach((name) => `${name}[]=1&${name}[]=2`).map((body) => form(body.replaceAll(/\w+=&/g, ''))),
      ],
      ['an object', () => names.map((name) => form(`${name}[x]=1&${name}[__proto__][y]=2`))],
      ['a form without end', () => withEach((name) => `${name}=${'9'.repeat(300_000)}`).map(form)],
      ['thousands of fields', () => [form(Array.from({ length: 5000 }, (_, n) => `f${n}=1`).join('&'))]],
      ['a broken escape', () => names.map((name) => form(`${name}=%zz%ff%`))],
      [
        'JSON of other types',
        () =>
          [1, true, null, [], ['x'], {}, { $ne: '' }].flatMap((value) =>
            names.map((name) => json({ ...fields, [name]: value })),
          ),
      ],
      ['JSON that is no object', () => ['[]', '"x"', '1', '{', '', '[[[[', 'null'].map((body) => json(body))],
      ['JSON with a prototype', () => [json(`{"__proto__":{"code":"1"},"constructor":{"prototype":{"code":"1"}}}`)]],
      ['deep JSON', () => [json(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)]],
    ])('takes nothing and does not fail on %s', async (_name, calls) => {
      for (const call of calls()) {
        const answer = await answerTo(call);
        const told = `${answer.status} for ${String(call.body).slice(0, 60)}`;
        // There is no code to enter: the page says so.
        const harmless = ['/code', '/code/resend'].includes(path) ? [410] : [];
        expect([400, 413, 415, 422, 429, ...harmless], told).toContain(answer.status);
        expect(answer.headers['set-cookie'], told).toBeUndefined();
        expect(answer.text).not.toMatch(/node_modules|at \w+ \(|ZodError/);
      }
    });
  });

  describe('I1 case 90 whether a number has an account is told', () => {
    let production: RunningDemo;
    beforeAll(async () => {
      // Without the phone, that shows everybody's messages.
      const env = { NODE_ENV: 'production', ...productionSecrets(), TRUSTED_PROXIES: 'loopback' };
      production = await startDemo({ adapter, env });
    });
    afterAll(() => production.stop());

    it('not by the password page: same answer, after the same work', async () => {
      const [withPassword, without] = [new FormClient(production), new FormClient(production)];
      const numbers = [await withPassword.signUp(), await without.signIn(), freshNumber()];
      const verify = vi.spyOn(argon2, 'verify');
      const answers: unknown[] = [];
      for (const phoneNumber of numbers) {
        const fields = { country: '', phoneNumber, password: 'not the password' };
        const { status, headers, text } = await new FormClient(production).send('/password', fields);
        const { date: _date, etag: _etag, ...others } = headers;
        answers.push({ status, headers: others, text: text.replaceAll(phoneNumber, 'N') });
      }
      const [first, ...rest] = answers;
      expect(first).toMatchObject({ status: 422 });
      expect(rest).toEqual([first, first]);
      const costs = verify.mock.calls.map(([hash]) => /^\$argon2id\$v=19\$[^$]*/.exec(hash)?.[0]);
      expect(costs).toHaveLength(3);
      expect(new Set(costs)).toEqual(new Set([expect.stringContaining('m=19456')]));
    });

    it('not by signing up nor by signing in, before the code', async () => {
      const known = await new FormClient(production).signUp();
      const pages: string[][] = [];
      for (const phoneNumber of [known, freshNumber()]) {
        const client = new FormClient(production);
        const fields = { country: '', name: 'Eve', phoneNumber, password: PASSWORD };
        const steps = [
          await client.send('/sign-up', fields),
          await client.get('/sign-up/check'),
          await client.send('/sign-up/check', { channel: 'sms' }),
          await client.get('/code'),
        ];
        const other = new FormClient(production);
        steps.push(await other.send('/sign-in', { country: '', phoneNumber }), await other.get('/code'));
        pages.push(steps.map(({ status, headers, text }) => `${status} ${headers.location} ${neutral(text)}`));
      }
      const [first, second] = pages;
      expect(first).toEqual(second);
      expect(first?.[3]).toMatch(/^200 /);
    });
  });

  describe('case 6 throttled forms', () => {
    const wrong = (phoneNumber: string) => ({ country: '', phoneNumber, password: 'not the password' });

    async function expectBites(tries: number, send: (n: number) => Promise<HttpAnswer>): Promise<void> {
      for (let n = 0; n < tries; n += 1) {
        expect((await send(n)).status, `try ${n + 1}`).not.toBe(429);
      }
      const answer = await send(tries);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.text).toContain('<html lang="nl"');
      expect(answer.text).toContain('role="alert"');
    }

    it('passwords: 20 tries from an address, whatever the numbers', async () => {
      const attacker = browser({ 'Accept-Language': 'nl' });
      await expectBites(20, () => attacker.send('/password', wrong(freshNumber())));
    });

    it('passwords: 10 tries for a number, from wherever and however it is spelled', async () => {
      const phoneNumber = await browser().signUp();
      const local = phoneNumber.slice(3);
      const spellings = [
        phoneNumber,
        `0${local}`,
        `0031${local}`,
        `+31 (0)${local}`,
        `+31 ${local.slice(0, 1)}-${local.slice(1)}`,
      ];
      await expectBites(10, (n) =>
        browser({ 'Accept-Language': 'nl' }).send('/password', {
          ...wrong(spellings[n % spellings.length] ?? ''),
          country: 'NL',
        }),
      );
      // Nor does the right one tell then that it is right.
      const right = { country: '', phoneNumber, password: PASSWORD };
      expect((await browser().send('/password', right)).status).toBe(429);
    });

    it('sign-ups: 20 from an address', async () => {
      const attacker = browser({ 'Accept-Language': 'nl' });
      const fields = { country: '', name: 'Eve', password: PASSWORD };
      await expectBites(20, () => attacker.send('/sign-up', { ...fields, phoneNumber: freshNumber() }));
    });

    it('the desk: 10 tries from an address', async () => {
      const attacker = browser({ 'Accept-Language': 'nl' });
      await expectBites(10, () => attacker.send('/desk/sign-in', { password: 'not the password' }));
    });
  });

  describe('case 64 what is typed', () => {
    const MARKUP = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onfocus='alert(1)",
      '{{7*7}}',
      '</title>',
    ];
    const LINES = ['Ann\r\nSet-Cookie: x=1', 'Ann\n@evil.example #123456', 'Ann\u0000', 'Ann\u2028Eve'];
    const UNSEEN = ['Ann\u202eevE', 'An\u200bn', 'Ann\u2066', '\ufeffAnn', 'Ann\u0007'].filter(
      (text) => text.trim() === text,
    );

    it.each([...MARKUP, ...LINES, ...UNSEEN].map((text) => [JSON.stringify(text), text]))(
      'is refused as name and payee, and shown as text: %s',
      async (_name, text) => {
        const person = browser();
        const phoneNumber = await person.signIn();
        const sent = demo.messagesTo(phoneNumber).length;
        const answers = [
          await person.send('/transfer', { payee: text, iban: IBAN, amount: '1' }),
          await browser().send('/sign-up', { country: '', name: text, phoneNumber: freshNumber(), password: PASSWORD }),
        ];
        for (const answer of answers) {
          expect(answer.status).toBe(400);
          expect(answer.text).not.toMatch(/<script>alert|<img src=x|" autofocus|<\/title>(?!<link)/);
          expect(answer.headers['set-cookie']).toBeUndefined();
        }
        expect(demo.messagesTo(phoneNumber)).toHaveLength(sent);
      },
    );

    it.each(['country', 'phoneNumber', 'iban', 'amount'])('is shown as text in any other field: %s', async (field) => {
      const person = browser();
      await person.signIn();
      const text = field === 'country' ? '"<' : '"><b>x</b>';
      const transfer = { payee: 'Ann', iban: IBAN, amount: '1', [field]: text };
      const number = { country: '', phoneNumber: '1', [field]: text };
      for (const answer of [
        await person.send('/transfer', transfer),
        await browser().send('/sign-in', number),
        await browser().send('/password', { ...number, password: text }),
      ]) {
        expect(answer.text).not.toContain('"><b>');
        expect(answer.text).not.toContain('""<');
      }
    });

    it('is shown as it was meant where it is a name', async () => {
      const person = browser();
      const phoneNumber = await person.signIn();
      expect(wentTo(await person.send('/transfer', { payee: "O'Brien & Zn.", iban: IBAN, amount: '1' }))).toBe('/code');
      expect(demo.messagesTo(phoneNumber)[0]?.text).toContain("O'Brien & Zn.");
      await person.enterCodeSentTo(phoneNumber);
      expect((await person.get('/account')).text).toContain("O'Brien &amp; Zn.");
    });

    it('is nowhere taken from the address or a header', async () => {
      const evil = '<script>alert(1)</script>';
      const headers = { 'Accept-Language': evil, 'User-Agent': evil, Referer: evil, Accept: 'text/html' };
      for (const path of ['/', '/nowhere', '/account', '/code', '/password', '/transfer']) {
        const answer = await browser().get(
          `${path}?notice=${encodeURIComponent(evil)}&done=${encodeURIComponent(evil)}`,
          headers,
        );
        expect(answer.text, path).not.toContain('alert(1)');
      }
    });
  });
});

/** Without what must differ: the number as it is shown, the id of the step, and the time that is left. */
function neutral(text: string): string {
  return text
    .replaceAll(/\+31[\d\s*]+\d/g, 'N')
    .replaceAll(/ends in \d\d/g, 'ends in N')
    .replaceAll(/[\w-]{43,48}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d+ (?:seconds?|minutes?)\b|(?:expires|resend)-in="\d+"/g, 'T');
}
