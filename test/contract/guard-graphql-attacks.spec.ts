import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { graphql as executor } from 'graphql';
import { createRequire } from 'node:module';
import { OtpService } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNTS } from '../support/guarded-app.js';
import { GRAPHQL_SERVERS, type GraphqlApp, type GraphqlAppOptions, startGraphqlApp } from '../support/graphql-app.js';
import { answering, expectProblemOf, expectRefused, runOverWebSocket } from '../support/graphql-client.js';
import { NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';

/** The servers' own copy: a bundler would take the other of the package's two. */
const graphql: typeof executor = createRequire(import.meta.url)('graphql').graphql;

const TEN_TO_ANN = 'pay(amount: "10.00 EUR", payee: "Ann") { amount }';
const DENIED = /does not know contexts of type 'graphql'/;

/** The same field under as many names. */
const aliases = (count: number, field: string): string =>
  `mutation { ${Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ')} }`;

describe.each(GRAPHQL_SERVERS)('attacks on guards of GraphQL, $name', (server) => {
  let otp: GraphqlApp;
  afterEach(() => otp.close());

  const start = async (options: Partial<GraphqlAppOptions> = {}) => {
    otp = await startGraphqlApp({ server, ...options });
    return otp.client;
  };

  /** Headers that let one payout of ten euros to Ann through. */
  async function askToPay(): Promise<Record<string, string>> {
    const refused = expectRefused(await otp.client.run(`mutation { ${TEN_TO_ANN} }`), 'otp_required');
    return answering(refused, otp.codeTo(NUMBER));
  }

  /** What the application itself verified, so that it is tied to no field. */
  async function proofOfApplication(): Promise<string> {
    const service = otp.app.get(OtpService);
    const about = { purpose: 'second', subject: ACCOUNTS['victim']?.subject ?? '', client: 'none' } as const;
    const issued = await service.issue({ ...about, phoneNumber: NUMBER });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    const verified = await service.verify({ ...about, challengeId, code: otp.codeTo(NUMBER) });
    return verified.outcome === 'verified' ? verified.proof : '';
  }

  describe('many calls in one request', () => {
    it('A3 case 3 of two aliases with one code one runs', async () => {
      const client = await start();
      const headers = await askToPay();
      const { errors } = await client.run(`mutation { first: ${TEN_TO_ANN} second: ${TEN_TO_ANN} }`, { headers });
      expect(otp.calls).toEqual(['pay 10.00 EUR Ann']);
      expect(errors).toHaveLength(1);
      expectProblemOf(errors[0], 'challenge_gone');
      expect(errors[0]?.path).toEqual(['second']);
    });

    it('case 25 of two aliases with one single-use proof one runs', async () => {
      const client = await start();
      const headers = { 'OTP-Proof': await new OtpHttpClient(otp).prove(NUMBER, 'login') };
      const { errors } = await client.run(aliases(2, 'enterOnce'), { headers });
      expect(otp.calls).toEqual([`enterOnce ${NUMBER}`]);
      expectProblemOf(errors[0], 'insufficient_proof');
    });

    it('A3 case 3 so it is when the server has compiled the operation', async () => {
      const client = await start({ jit: 1 });
      const twice = `mutation { first: ${TEN_TO_ANN} second: ${TEN_TO_ANN} }`;
      for (let run = 0; run < 3; run++) {
        await client.run(twice);
      }
      const headers = await askToPay();
      const { errors } = await client.run(twice, { headers });
      expect(otp.calls).toEqual(['pay 10.00 EUR Ann']);
      expectProblemOf(errors[0], 'challenge_gone');
    });

    it('A3 case 3 of a batch of operations with one code one runs', async () => {
      const client = await start();
      const headers = await askToPay();
      const answers = await client.batch(
        Array.from({ length: 10 }, () => `mutation { ${TEN_TO_ANN} }`),
        { headers },
      );
      expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
      expect(otp.calls).toEqual(['pay 10.00 EUR Ann']);
    });

    it('case 25 of a batch of operations with one single-use proof one runs', async () => {
      const client = await start();
      const headers = { 'OTP-Proof': await new OtpHttpClient(otp).prove(NUMBER, 'login') };
      const answers = await client.batch(
        Array.from({ length: 10 }, () => 'mutation { enterOnce }'),
        { headers },
      );
      expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
      expect(otp.calls).toEqual([`enterOnce ${NUMBER}`]);
    });

    it('case 11 a request of many guesses compares no more than the attempts of its challenge', async () => {
      const client = await start();
      const headers = await askToPay();
      const wrong = { ...headers, 'OTP-Code': wrongCode(headers['OTP-Code'] ?? '') };
      const guesses = Array.from({ length: 20 }, () => `mutation { ${TEN_TO_ANN} }`);
      const codes = (await client.batch(guesses, { headers: wrong })).map(
        ({ errors }) => errors[0]?.extensions?.['code'],
      );
      expect(codes.filter((code) => code === 'incorrect_code')).toHaveLength(5);
      expect(codes.filter((code) => code === 'attempts_exhausted')).toHaveLength(15);
      expectRefused(await client.run(`mutation { ${TEN_TO_ANN} }`, { headers }), 'attempts_exhausted');
      expect(otp.calls).toEqual([]);
    });

    it('case 50 many calls without a code send one message, and one of them gets its challenge', async () => {
      const client = await start();
      const payees = ['Ann', 'Bob', 'Cy', 'Dot'];
      const fields = payees.map((payee) => `${payee}: pay(amount: "1", payee: "${payee}") { amount }`);
      await client.run(`mutation { ${fields.join(' ')} }`);
      expect(otp.transport.messages).toHaveLength(1);
      otp.clock.advanceSeconds(30);
      const answers = await client.batch(fields.map((field) => `mutation { ${field} }`));
      const problems = answers.map((answer) => expectRefused(answer, 'otp_required'));
      expect(problems.filter(({ challenge }) => challenge !== undefined)).toHaveLength(1);
      expect(otp.transport.messages.length).toBeLessThanOrEqual(2);
      expect(otp.calls).toEqual([]);
    });
  });

  describe('queries', () => {
    it('H3 send no message, by POST or by GET', async () => {
      const client = await start();
      expect(expectRefused(await client.run('{ balance }'), 'otp_required').challenge).toBeUndefined();
      expect((await client.get('{ balance }')).text).toContain('otp_required');
      expect(otp.transport.messages).toEqual([]);
      expect(otp.calls).toEqual([]);
    });

    it('H3 a mutation by GET is none', async () => {
      const client = await start();
      const { status } = await client.get(`mutation { ${TEN_TO_ANN} }`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(otp.transport.messages).toEqual([]);
    });

    it('startOnSafeMethods sends one, and its code opens that query alone', async () => {
      const client = await start();
      const headers = answering(expectRefused(await client.run('{ statement }'), 'otp_required'), otp.codeTo(NUMBER));
      expectRefused(await client.run('{ balance }', { headers }), 'incorrect_code');
      expect((await client.run('{ statement }', { headers })).data).toEqual({ statement: 'statement' });
    });

    it('case 69 a proof in a cookie serves queries, and mutations of this very site', async () => {
      const client = await start();
      const Cookie = `proof=${await proofOfApplication()}`;
      expect((await client.run('{ balance }', { headers: { Cookie } })).data).toEqual({ balance: 'balance' });
      for (const foreign of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }]) {
        expectRefused(await client.run('mutation { transfer }', { headers: { Cookie, ...foreign } }), 'forbidden');
      }
      expectRefused(await client.run('mutation { transfer }', { headers: { Cookie } }), 'otp_required');
      const own = { Cookie, 'Sec-Fetch-Site': 'same-origin' };
      expect((await client.run('mutation { transfer }', { headers: own })).data).toEqual({ transfer: 'transfer' });
    });
  });

  describe('fields of types', () => {
    const IBANS = '{ accounts { id iban } }';

    it('case 23 a code opens the field of one object, which its `binding` names', async () => {
      const client = await start();
      const refused = (await client.run(IBANS)).errors.map((error) => expectProblemOf(error, 'otp_required'));
      const [started, ...others] = refused.filter(({ challenge }) => challenge !== undefined);
      expect(others).toEqual([]);
      expect(otp.transport.lastTo(NUMBER)?.text).toContain('payee one');
      const headers = started && answering(started, otp.codeTo(NUMBER));
      const { errors } = await client.run(IBANS, { headers });
      expect(otp.calls).toEqual(['iban one']);
      expect(errors.map(({ path }) => path)).toEqual([['accounts', 1, 'iban']]);
    });

    it('case 75 an application whose guards would pass them by does not start', async () => {
      await start();
      await expect(startGraphqlApp({ server, guardFields: false })).rejects.toThrow(
        /AccountResolver\.iban: .*fieldResolverEnhancers/,
      );
    });
  });

  describe('case 75 what is not known is denied', () => {
    it('a subscription', async () => {
      await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      const answer = await runOverWebSocket(otp, 'subscription { payments }', { headers: { 'OTP-Proof': proof } });
      expect(JSON.stringify(answer)).toMatch(DENIED);
      expect(otp.calls).toEqual([]);
    });

    it('a mutation or query over a WebSocket, also where the application hands the handshake on', async () => {
      const handedOn = (...args: readonly unknown[]) => ({ req: handshakeOf(args[0]) ?? args[0] });
      for (const options of [{}, { context: handedOn }]) {
        await start(options);
        const headers = { 'OTP-Proof': await new OtpHttpClient(otp).prove(NUMBER, 'login') };
        for (const query of ['mutation { enter }', 'mutation { transfer }', '{ statement }']) {
          expect(JSON.stringify(await runOverWebSocket(otp, query, { headers }))).toMatch(DENIED);
        }
        expect(otp.calls).toEqual([]);
        expect(otp.transport.messages).toHaveLength(1);
        await otp.close();
      }
      await start();
    });

    it('J1 what a client says when it connects is no header', async () => {
      await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      const variables = { 'otp-proof': proof, headers: { 'otp-proof': proof, 'x-account': 'victim' }, url: '/' };
      for (const query of ['mutation { enter }', 'subscription { payments }']) {
        expect(JSON.stringify(await runOverWebSocket(otp, query, { variables }))).toMatch(DENIED);
      }
      expect(otp.calls).toEqual([]);
    });

    it.each<[string, (handshake: Handshake, given: object) => object]>([
      ['beside', ({ headers }, given) => ({ ...headers, ...given })],
      ['instead of', (_handshake, given) => given],
    ])('case 69 what a client says when it connects, put %s the headers', async (_name, headersOf) => {
      const context = (...args: readonly unknown[]) => {
        const handshake = handshakeOf(args[0]);
        const given = connectionParamsOf(args[0]);
        return { req: handshake ? { ...handshake, headers: headersOf(handshake, given) } : args[0] };
      };
      await start({ context });
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      const answer = await runOverWebSocket(otp, 'mutation { enter }', {
        headers: { Origin: 'https://evil.example' },
        variables: { 'otp-proof': proof, upgrade: ['x'], 'sec-fetch-site': 'same-origin' },
      });
      expect(JSON.stringify(answer)).toMatch(DENIED);
      expect(otp.calls).toEqual([]);
    });

    it('a context without an HTTP request', async () => {
      await start();
      const { schema } = otp.app.get(GraphQLSchemaHost);
      for (const contextValue of [undefined, {}, { req: {} }, { req: { headers: { 'x-account': 'victim' } } }]) {
        const { errors } = await graphql({ schema, source: 'mutation { transfer }', contextValue });
        expect(errors?.[0]?.message).toMatch(DENIED);
      }
      expect(otp.calls).toEqual([]);
    });
  });
});

interface Handshake {
  readonly headers: object;
}

/** What graphql-ws gives a context. */
interface ConnectionContext {
  readonly extra?: { readonly request?: Handshake };
  readonly connectionParams?: object;
}

function handshakeOf(given: unknown): Handshake | undefined {
  return (given as ConnectionContext).extra?.request;
}

function connectionParamsOf(given: unknown): object {
  return (given as ConnectionContext).connectionParams ?? {};
}
