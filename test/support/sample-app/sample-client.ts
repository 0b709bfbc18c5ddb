import type { OtpApp } from '../otp-app.js';
import { callHttp, type HttpAnswer, type HttpCall, OtpHttpClient, type Started, textMember } from '../http.js';
import type { Bank, Person } from './bank.js';
import { SESSION_COOKIE } from './session.guard.js';

export const TRANSFER = { amount: '12.00', payee: 'NL91ABNA0417164300' };

/** A first request that was answered with a challenge. */
export interface SteppedUp extends Started {
  readonly answer: HttpAnswer;
}

/** How clients meet guards: once without a code, and again with it. */
export class SampleClient {
  /** The built-in routes, which know nobody. */
  readonly otpRoutes: OtpHttpClient;
  readonly sessionId: string | undefined;

  constructor(
    private readonly otp: OtpApp,
    private readonly bank: Bank,
    private readonly person: Person | undefined,
  ) {
    this.sessionId = person && bank.open(person);
    this.otpRoutes = new OtpHttpClient(otp);
  }

  call({ headers = {}, ...call }: HttpCall): Promise<HttpAnswer> {
    const session = this.sessionId === undefined ? {} : { Cookie: `${SESSION_COOKIE}=${this.sessionId}` };
    return callHttp(this.otp.url, { ...call, headers: { ...session, ...headers } });
  }

  post(path: string, body?: unknown, headers: HttpCall['headers'] = {}): Promise<HttpAnswer> {
    return this.call({ method: 'POST', path, headers, ...(body === undefined ? {} : { body }) });
  }

  pay(body: unknown = TRANSFER, headers: HttpCall['headers'] = {}): Promise<HttpAnswer> {
    return this.post('/payouts', body, headers);
  }

  /** The first request, which must be answered with a challenge, and the code of its message. */
  async stepUp(call: HttpCall = { method: 'POST', path: '/payouts', body: TRANSFER }): Promise<SteppedUp> {
    const answer = await this.call(call);
    return { answer, challengeId: challengeIdOf(answer), code: this.code() };
  }

  /** The code of the newest message to whoever is signed in. */
  code(): string {
    return this.otp.codeTo(this.bank.account(this.person ?? 'ann').phoneNumber);
  }

  /** The same request again, with a code. */
  repeat(call: HttpCall, { challengeId, code }: Started): Promise<HttpAnswer> {
    return this.call({ ...call, headers: { ...call.headers, ...codeHeaders({ challengeId, code }) } });
  }

  /** The proof that the code of a guard's challenge earns at the verify route. */
  async proveFor(call: HttpCall): Promise<string> {
    const { challengeId, code } = await this.stepUp(call);
    return textMember(await this.otpRoutes.verify(challengeId, code), 'proof');
  }
}

export function codeHeaders({ challengeId, code }: Started): Record<string, string> {
  return { 'OTP-Challenge': challengeId, 'OTP-Code': code };
}

/** @throws Error with the whole answer when there is no challenge. */
export function challengeIdOf({ status, text, body }: HttpAnswer): string {
  const { challenge } = body;
  if (typeof challenge !== 'object' || challenge === null || !('challengeId' in challenge)) {
    throw new Error(`an answer without a challenge: ${status} ${text}`);
  }
  return String(challenge.challengeId);
}
