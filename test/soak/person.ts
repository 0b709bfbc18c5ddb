import { createHmac } from 'node:crypto';
import { wrongCode } from '../support/http.js';
import type { Answer, Caller } from './caller.js';
import type { Ledger } from './ledger.js';
import { WEBHOOK_SECRET } from './messages.js';
import type { Site } from './site.js';

export interface PersonParts {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly caller: Caller;
  readonly number: string;
}

/** Someone at a telephone, or someone who tries. Each thing that he does ends with a try that must not succeed. */
export class Person {
  constructor(private readonly parts: PersonParts) {}

  /** A login, then the code and the proof once more. */
  async logIn(): Promise<void> {
    const id = await this.begin();
    if (id === undefined) {
      return;
    }
    await this.guessWrong(id);
    const { code, losses } = this.seen();
    const { status, body } = await this.verify(id, code);
    this.mustNot(await this.verify(id, code), status === 200, losses, 'a code was accepted twice');
    if (status === 200 && typeof body['proof'] === 'string') {
      const session = { path: '/session', headers: { 'otp-proof': body['proof'] } };
      const first = await this.parts.caller.call(session);
      const again = await this.parts.caller.call(session);
      this.mustNot(again, first.status === 201, losses, 'a proof was used twice');
    }
  }

  /** Two messages for one challenge: the first code is dead. Resolves to what is left to do when time has passed. */
  async sendAgain(): Promise<(() => Promise<void>) | undefined> {
    const id = await this.begin();
    const { code, losses } = this.seen();
    if (id === undefined) {
      return undefined;
    }
    return async () => {
      const { status } = await this.parts.caller.call({ path: `/otp/challenges/${id}/resend`, body: {} });
      const isNew = status === 200 && this.seen().code !== code;
      this.mustNot(await this.verify(id, code), isNew, losses, 'the code before a resend was accepted');
      await this.verify(id, this.seen().code);
    };
  }

  async cancel(): Promise<void> {
    const id = await this.begin();
    if (id === undefined) {
      return;
    }
    const { status } = await this.parts.caller.call({ method: 'DELETE', path: `/otp/challenges/${id}` });
    const { code, losses } = this.seen();
    this.mustNot(await this.verify(id, code), status === 204, losses, 'a cancelled challenge was answered');
  }

  async guess(): Promise<void> {
    const id = await this.begin();
    if (id === undefined) {
      return;
    }
    for (let guess = 0; guess < 6; guess++) {
      await this.guessWrong(id);
    }
  }

  /** The same request twice is one challenge. */
  async askTwice(): Promise<void> {
    const { caller, number, ledger, site } = this.parts;
    const { losses } = site;
    const key = crypto.randomUUID();
    const request = { path: '/otp/challenges', headers: { 'idempotency-key': key }, body: { phoneNumber: number } };
    const answers = [await caller.call(request), await caller.call(request)];
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['challengeId']));
    if (ids.size > 1 && losses === site.losses) {
      ledger.breach('one idempotency key gave two challenges');
    }
  }

  /** A guarded route with the code in the header, for another amount and for the one that the code is for. */
  async transfer(): Promise<void> {
    const { caller, number } = this.parts;
    const request = { path: '/transfer', headers: { 'x-account': number }, body: { amount: '10.00' } };
    const { status, body } = await caller.call(request);
    const { code, losses } = this.seen();
    const challenge = body['challenge'];
    if (status !== 401 || !isChallenge(challenge)) {
      return;
    }
    const headers = { ...request.headers, 'otp-challenge': challenge.challengeId, 'otp-code': code };
    const changed = await caller.call({ ...request, headers, body: { amount: '9999.00' } });
    this.mustNot(changed, true, losses, 'a code was good for another amount');
    const { status: done } = await caller.call({ ...request, headers });
    this.mustNot(await caller.call({ ...request, headers }), done === 201, losses, 'a transfer ran twice');
  }

  /** The provider's report of an earlier message, a forged one, and a body that is none. */
  async report(id: number): Promise<void> {
    const { caller, ledger } = this.parts;
    const path = '/otp/webhooks/https';
    const body = JSON.stringify({ id: `message-${id}` });
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
    await caller.call({ path, body, headers: { 'x-soak-signature': signature } });
    const forged = await caller.call({ path, body: `${body} `, headers: { 'x-soak-signature': signature } });
    if (forged.status === 200) {
      ledger.breach('a forged report was taken');
    }
    await caller.call({ path: '/otp/challenges', body: '{"phoneNumber": ' });
  }

  /** Asks for a code and does not wait for the answer. */
  async hangUp(): Promise<void> {
    const { caller, number } = this.parts;
    await caller.hangUp({ path: '/otp/challenges', body: { phoneNumber: number } });
  }

  private async begin(): Promise<string | undefined> {
    const { caller, number } = this.parts;
    const { status, body } = await caller.call({ path: '/otp/challenges', body: { phoneNumber: number } });
    const id = body['challengeId'];
    if (status !== 201 || typeof id !== 'string') {
      return undefined;
    }
    await caller.call({ method: 'GET', path: `/otp/challenges/${id}` });
    return id;
  }

  private async guessWrong(id: string): Promise<void> {
    const { code, losses } = this.seen();
    this.mustNot(await this.verify(id, wrongCode(code)), true, losses, 'a wrong code was accepted');
  }

  private verify(id: string, code: string): Promise<Answer> {
    return this.parts.caller.call({ path: `/otp/challenges/${id}/verify`, body: { code } });
  }

  /** The last code that came, and how often Redis had forgotten everything by then: what it forgot it cannot refuse. */
  private seen(): { readonly code: string; readonly losses: number } {
    const { site, number } = this.parts;
    return { code: site.codeTo(number) ?? '000000', losses: site.losses };
  }

  private mustNot({ status }: Answer, applies: boolean, losses: number, breach: string): void {
    if (applies && status >= 200 && status < 300 && losses === this.parts.site.losses) {
      this.parts.ledger.breach(breach);
    }
  }
}

function isChallenge(value: unknown): value is { readonly challengeId: string } {
  return typeof value === 'object' && value !== null && 'challengeId' in value && typeof value.challengeId === 'string';
}
