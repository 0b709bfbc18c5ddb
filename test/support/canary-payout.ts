import { createHash } from 'node:crypto';
import { Controller, Post, UseGuards } from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { z } from 'zod';
import type { CanaryTransport } from './canary-transport.js';
import { AccountGuard, ACCOUNTS } from './guarded-app.js';
import { type HttpAnswer, textMember, wrongCode } from './http.js';
import { bytesCanary, type Canary, textCanary } from './leak-search.js';
import { challengeIdOf } from './sample-app/sample-client.js';

/** What a code stands for, and nobody but the person and the application is to know. */
const DETAILS = { amount: 'EUR 8311.97', payee: 'Canary Holding of Utrecht' };
const CHANGED = { ...DETAILS, amount: 'EUR 8311.98' };

export const PAYOUT_PURPOSE = { codeLength: 8, binding: z.object({ amount: z.string(), payee: z.string() }) } as const;

export const detailCanaries: readonly Canary[] = [
  ...[DETAILS.amount, CHANGED.amount].map((amount) => textCanary('amount', amount.slice(4))),
  textCanary('payee', DETAILS.payee, DETAILS.payee.slice(0, 14)),
  // Few enough amounts and payees that a plain hash of them tells them.
  ...[DETAILS, CHANGED].map((details) =>
    bytesCanary('hash of the details', createHash('sha256').update(JSON.stringify(details)).digest()),
  ),
];

@UseGuards(AccountGuard)
@Controller()
export class CanaryPayoutController {
  @Post('payout')
  @RequireOtp('payout', { binding: ({ body }) => body })
  pay() {
    return {};
  }
}

interface Teller {
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<HttpAnswer>;
  readonly transport: CanaryTransport;
  /** Ends the wait for another message. */
  readonly later: () => void;
}

/** A payout, with all that can go wrong with what is signed; gives what a client holds of it. */
export async function tellOfAPayout({ post, transport, later }: Teller): Promise<readonly string[]> {
  const number = ACCOUNTS['victim']?.phoneNumber ?? '';
  const pay = (body: unknown, headers: Record<string, string> = {}) =>
    post('/payout', body, { 'X-Account': 'victim', ...headers });
  const withCode = (challengeId: string, code: string) => ({ 'OTP-Challenge': challengeId, 'OTP-Code': code });

  const first = challengeIdOf(await pay(DETAILS));
  await pay(DETAILS);
  const code = transport.codeTo(number);
  await pay(CHANGED, withCode(first, code));
  await pay(DETAILS, withCode(first, wrongCode(code)));
  await post('/payout', DETAILS, { 'X-Account': 'attacker', ...withCode(first, code) });
  await pay(DETAILS, withCode(first, code));
  await pay(DETAILS, withCode(first, code));

  // By a proof: for something else, as it should be, and once more.
  const second = challengeIdOf(await pay(CHANGED));
  const proof = textMember(await post(`/otp/challenges/${second}/verify`, { code: transport.codeTo(number) }), 'proof');
  for (const details of [DETAILS, CHANGED, CHANGED]) {
    await pay(details, { 'OTP-Proof': proof });
  }

  // What cannot be signed, with values in the wrong places.
  for (const body of [
    { ...DETAILS, amount: [DETAILS.amount] },
    { ...DETAILS, payee: DETAILS.payee.repeat(20) },
    { [DETAILS.payee]: DETAILS.amount },
    { ...DETAILS, payee: `${DETAILS.payee}\uD800` },
  ]) {
    await pay(body);
  }

  // A provider that repeats what it was given.
  for (const behaviour of ['refuse', 'throw'] as const) {
    later();
    transport.behaviour = behaviour;
    await pay({ ...DETAILS, payee: `${DETAILS.payee}, ${behaviour}` });
  }
  transport.behaviour = 'accept';
  return [first, second, proof];
}
