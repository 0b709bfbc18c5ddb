import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  answering,
  expectProblemOf,
  expectRefused,
  type GraphqlCall,
  GraphqlClient,
} from '../support/graphql-client.js';
import { NUMBER } from '../support/http.js';
import { listen } from '../support/otp-app.js';
import { AppModule } from './graphql.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

const PAY = 'mutation ($amount: String!, $payee: String!) { pay(amount: $amount, payee: $payee) { amount payee by } }';
const PAYOUT = { amount: '12.00 EUR', payee: 'Ann' };

describe('the step-up in GraphQL', () => {
  let fake: FakeOtp;
  let app: INestApplication;
  let client: GraphqlClient;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, { adapter: 'express' });
    client = new GraphqlClient({ url: await app.getUrl() });
  });
  afterEach(() => app.close());

  const run = (query: string, { headers, ...call }: GraphqlCall = {}) =>
    client.run(query, { ...call, headers: { Authorization: 'Bearer ada', ...headers } });

  it('A4 H8 asks for a code, and pays once when the request comes again with it', async () => {
    const refused = expectRefused(await run(PAY, { variables: PAYOUT }), 'otp_required');
    expect(fake.transport.lastTo(NUMBER)?.text).toContain('amount 12.00 EUR, payee Ann');
    const headers = answering(refused, fake.lastCodeTo(NUMBER));
    const changed = { variables: { ...PAYOUT, payee: 'Mallory' }, headers };
    expect(expectRefused(await run(PAY, changed), 'incorrect_code').attemptsRemaining).toBe(4);
    const paid = await run(PAY, { variables: PAYOUT, headers });
    expect(paid.data).toEqual({ pay: { ...PAYOUT, by: 'ada' } });
    expectRefused(await run(PAY, { variables: PAYOUT, headers }), 'challenge_gone');
  });

  it('a field is opened for one object', async () => {
    const query = '{ accounts { id iban } }';
    const asked = (await run(query)).errors.map((error) => expectProblemOf(error, 'otp_required'));
    const started = asked.find(({ challenge }) => challenge !== undefined);
    const answer = await run(query, { headers: started && answering(started, fake.lastCodeTo(NUMBER)) });
    expect(answer.data).toEqual({
      accounts: [
        { id: 'savings', iban: 'NL00 savings' },
        { id: 'shares', iban: null },
      ],
    });
  });

  it('nobody signed in gets no message', async () => {
    const { errors } = await run(PAY, { variables: PAYOUT, headers: { Authorization: '' } });
    expect(errors).toMatchObject([{ message: 'Unauthorized' }]);
    expect(fake.transport.messages).toEqual([]);
  });
});
