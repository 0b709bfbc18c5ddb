import type { OutgoingHttpHeaders } from 'node:http';
import { OtpService } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpAnswer, type HttpCall, NUMBER, textMember } from '../support/http.js';
import { PROOF_COOKIE } from '../support/sample-app/reports.controller.js';
import { codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { SESSION_COOKIE } from '../support/sample-app/session.guard.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const LISTED = 'https://app.acme.example';
const EVIL = 'https://evil.example';

/**
 * Cases 69 to 72 at guarded routes; for the built-in ones see test/contract/http-origin.spec.ts. Case 73 is the
 * application's: apps/demo/test/sign-in.spec.ts shows the demo's headers. Case 74 is in test/contract/proof-keys.spec.ts
 * and guard-proof.spec.ts, case 75 in unknown-contexts.spec.ts.
 */
describe.each(DEPLOYMENTS)('pages of others, $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;

  afterEach(() => sample.otp.close());

  async function start(): Promise<void> {
    sample = await startSample(deployment, { allowedOrigins: [LISTED] });
    ann = sample.client('ann');
  }

  describe('CSRF', () => {
    /** The proof as a browser brings it, which any page can make it do. */
    async function withCookie(
      headers: OutgoingHttpHeaders = {},
      call: HttpCall = { method: 'POST', path: '/reports/share' },
    ) {
      const otp = sample.otp.app.get(OtpService);
      const issued = await otp.issue({ purpose: 'confirm', ...sample.bank.account('ann'), client: 'none' });
      const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
      const proof = textMember(await ann.otpRoutes.verify(challengeId, ann.code()), 'proof');
      const cookie = `${SESSION_COOKIE}=${ann.sessionId}; ${PROOF_COOKIE}=${proof}`;
      return { proof, answer: await ann.call({ ...call, headers: { Cookie: cookie, ...headers } }) };
    }

    it.each<[string, OutgoingHttpHeaders]>([
      ['says it is of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: EVIL }],
      ['says it is of a sibling', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://blog.acme.example' }],
      ['has another origin', { Origin: EVIL }],
      ['has no origin to tell', { Origin: 'null' }],
      ['has an origin like a listed one', { Origin: `${LISTED}.evil.example` }],
      ['has a listed origin in its referrer only', { Origin: EVIL, Referer: `${LISTED}/` }],
      ['tells nothing', {}],
    ])('H3 case 69 a change by a proof in a cookie is refused when the request %s', async (_name, headers) => {
      await start();
      const { proof, answer } = await withCookie(headers);
      expectProblem(answer, 401, 'otp_required');
      expect(sample.bank.handlers).toEqual([]);
      // It was not even looked at, so it is not spent.
      const own = { 'OTP-Proof': proof };
      expect((await ann.call({ method: 'POST', path: '/reports/share', headers: own })).status).toBe(201);
    });

    it.each<[string, OutgoingHttpHeaders]>([
      ['the application’s own page', { 'Sec-Fetch-Site': 'same-origin' }],
      ['the person in front of the browser', { 'Sec-Fetch-Site': 'none' }],
      ['a listed origin', { 'Sec-Fetch-Site': 'cross-site', Origin: LISTED }],
    ])('H3 case 69 it is taken from %s, once', async (_name, headers) => {
      await start();
      const { proof, answer } = await withCookie(headers);
      expect(answer.status).toBe(201);
      const cookie = `${SESSION_COOKIE}=${ann.sessionId}; ${PROOF_COOKIE}=${proof}`;
      const again = await ann.call({ method: 'POST', path: '/reports/share', headers: { ...headers, Cookie: cookie } });
      expectProblem(again, 401, 'insufficient_proof');
      expect(sample.bank.handlers).toEqual(['share']);
    });

    it('H3 case 69 what only reads takes it from anywhere, for the answer is read by nobody else', async () => {
      await start();
      const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
      expect((await withCookie(headers, { path: '/reports/shared' })).answer.status).toBe(200);
    });

    it('H2 case 69 of two cookies with the name neither counts: a sibling may have planted one', async () => {
      await start();
      const { proof } = await withCookie();
      for (const cookies of [
        `${PROOF_COOKIE}=x; ${PROOF_COOKIE}=${proof}`,
        `${PROOF_COOKIE}=${proof}; ${PROOF_COOKIE}=x`,
      ]) {
        const headers = { Cookie: `${SESSION_COOKIE}=${ann.sessionId}; ${cookies}`, 'Sec-Fetch-Site': 'same-origin' };
        expectProblem(await ann.call({ method: 'POST', path: '/reports/share', headers }), 401, 'otp_required');
      }
    });

    it('case 69 a cookie counts only where the handler names it, and never carries a code', async () => {
      await start();
      const own = { 'Sec-Fetch-Site': 'same-origin' };
      expectProblem((await withCookie(own, { method: 'POST', path: '/settings/email' })).answer, 401, 'otp_required');
      const { challengeId, code } = await ann.stepUp();
      const cookie = `${SESSION_COOKIE}=${ann.sessionId}; OTP-Challenge=${challengeId}; OTP-Code=${code}`;
      expectProblem(await ann.pay(TRANSFER, { ...own, Cookie: cookie }), 401, 'otp_required');
      expect(sample.bank.handlers).toEqual([]);
    });

    it('case 69 case 72 no page is told that it may send the headers of a code', async () => {
      await start();
      for (const origin of [EVIL, LISTED]) {
        const headers = {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'otp-challenge,otp-code,otp-proof',
        };
        const answer = await ann.call({ method: 'OPTIONS', path: '/payouts', headers });
        expect(corsHeaders(answer)).toEqual([]);
      }
    });
  });

  describe('session fixation', () => {
    const signIn = (headers: OutgoingHttpHeaders) =>
      sample.client().call({ method: 'POST', path: '/sessions', headers });
    const cookieOf = ({ headers }: HttpAnswer) => /sid=([^;]+)/.exec(headers['set-cookie']?.join() ?? '')?.[1];

    it('H1 case 70 a proof is traded for a new session, and the one that was brought ends', async () => {
      await start();
      const planted = sample.bank.open('eve');
      const proof = await ann.otpRoutes.prove(NUMBER, 'login');
      const answer = await signIn({ Cookie: `${SESSION_COOKIE}=${planted}`, 'OTP-Proof': proof });
      expect(answer.status).toBe(201);
      expect(cookieOf(answer)).not.toBe(planted);
      expect(sample.bank.signedIn(cookieOf(answer))).toBe('ann');
      expect(sample.bank.signedIn(planted)).toBeUndefined();
    });

    it('H1 case 70 one proof makes one session, also of many trades at once', async () => {
      await start();
      const proof = await ann.otpRoutes.prove(NUMBER, 'login');
      const answers = await Promise.all(Array.from({ length: 20 }, () => signIn({ 'OTP-Proof': proof })));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
      expect(sample.bank.handlers).toEqual(['signIn']);
    });

    it('A4 case 70 a code that was asked for in a planted session is worth nothing in the one after it', async () => {
      await start();
      sample.bank.bindsSessions = true;
      const stepped = await ann.stepUp();
      const proof = await ann.otpRoutes.prove(NUMBER, 'login');
      const fresh = cookieOf(await signIn({ Cookie: `${SESSION_COOKIE}=${ann.sessionId}`, 'OTP-Proof': proof }));
      const headers = (id: string | undefined) => ({ ...codeHeaders(stepped), Cookie: `${SESSION_COOKIE}=${id}` });
      expect((await ann.pay(TRANSFER, headers(ann.sessionId))).status).toBe(401);
      expectProblem(await ann.pay(TRANSFER, headers(fresh)), 422, 'incorrect_code');
      expect(sample.bank.handlers).toEqual(['signIn']);
    });
  });

  it('H4 case 71 nothing redirects, whatever the request asks for', async () => {
    await start();
    const { challengeId, code } = await ann.stepUp();
    const query = ['next', 'redirect', 'redirect_uri', 'returnTo', 'url', 'continue']
      .map((name) => `${name}=${encodeURIComponent(`${EVIL}/`)}`)
      .join('&');
    const headers = { Referer: `${EVIL}/`, 'X-Forwarded-Host': 'evil.example', 'X-Original-URL': `${EVIL}/` };
    const calls: readonly HttpCall[] = [
      { method: 'POST', path: `/otp/challenges?${query}`, body: { phoneNumber: '+31655443322', purpose: 'login' } },
      { path: `/otp/challenges/${challengeId}?${query}` },
      { path: `/otp/challenges//evil.example?${query}` },
      { path: '/otp//evil.example/%2e%2e' },
      { path: `/otp/.well-known/jwks.json?${query}` },
      { method: 'POST', path: `/otp/challenges/${challengeId}/resend?${query}`, body: {} },
      { method: 'POST', path: `/payouts?${query}`, body: TRANSFER },
      { method: 'POST', path: `/payouts?${query}`, body: TRANSFER, headers: { 'OTP-Proof': 'x' } },
      { method: 'POST', path: `/payouts?${query}`, body: TRANSFER, headers: codeHeaders({ challengeId, code }) },
      { path: `/reports/monthly?${query}` },
      { method: 'POST', path: `/otp/challenges/${challengeId}/verify?${query}`, body: { code } },
      { method: 'DELETE', path: `/otp/challenges/${challengeId}?${query}` },
    ];
    for (const call of calls) {
      const answer = await ann.call({ ...call, headers: { ...headers, ...call.headers } });
      expect(answer.status < 300 || answer.status >= 400, `${answer.status} ${call.path}`).toBe(true);
      expect(answer.headers).not.toHaveProperty('location');
      expect(answer.headers).not.toHaveProperty('refresh');
    }
  });

  it('case 72 no answer of a guard lets another origin read it', async () => {
    await start();
    for (const origin of [EVIL, LISTED, 'null']) {
      for (const headers of [{}, { 'OTP-Proof': 'x' }, codeHeaders({ challengeId: 'x', code: '123456' })]) {
        const answer = await ann.pay(TRANSFER, { ...headers, Origin: origin });
        expect(corsHeaders(answer)).toEqual([]);
        expect(JSON.stringify(answer.headers)).not.toContain('evil');
      }
    }
  });
});

function corsHeaders({ headers }: HttpAnswer): readonly string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'));
}
