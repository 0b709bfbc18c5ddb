import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../libs/otp/src/delivery/https/credential.js';
import type { SendFailureReason, SmsTransport } from '../../libs/otp/src/delivery/sms-transport.js';
import { transportContract } from '../../libs/otp/src/testing/transport-contract.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from './outgoing.js';
import {
  answer,
  echo,
  garbage,
  halfAnswer,
  hang,
  inTurn,
  neverEnding,
  ProviderServer,
  type Reaction,
  redirect,
  reset,
} from './provider-server.js';

export interface ProviderUnderTest {
  /** The transport before the provider at an address, with one secret. */
  readonly make: (
    baseUrl: string,
    options: { readonly credential: Credential; readonly timeoutSeconds?: number },
  ) => SmsTransport;
  /** An accepting answer with this id. */
  readonly accept: (messageId: string) => Reaction;
  /** The id of the nth message, where the provider's ids have a form. @default `id-0`, `id-1`, … */
  readonly messageId?: (count: number) => string;
  /** What of a request shows its secret. @default the header `authorization` */
  readonly shown?: (headers: IncomingHttpHeaders) => unknown;
  /** What that is for a secret. */
  readonly authorization: (secret: string) => string;
  /** What a status means by itself, where the provider documents it. */
  readonly statuses?: Readonly<Record<number, SendFailureReason>>;
  /** How a result names a status. @default `HTTP 400` */
  readonly detail?: (status: number) => string;
}

/** By status alone, as `docs/delivery.md` tells it. */
const STATUSES: Readonly<Record<number, SendFailureReason>> = {
  400: 'configuration',
  401: 'configuration',
  402: 'quota',
  403: 'configuration',
  404: 'configuration',
  408: 'transient',
  409: 'unknown-outcome',
  422: 'configuration',
  429: 'transient',
  500: 'unknown-outcome',
};

/** Where providers say which message they took, but in a prototype. */
const ACCEPTED_BY_PROTOTYPE =
  '{"__proto__":{"id":"x","sid":"x","messageid":"x","message_uuid":["x"],"MessageId":"x","batch":{},"messages":[]}}';

/** What every provider's transport does when things go wrong. */
export function describeProviderFailures({
  make,
  accept,
  messageId = (count) => `id-${count}`,
  shown = (headers) => headers.authorization,
  authorization,
  statuses = {},
  detail = (status) => `HTTP ${status}`,
}: ProviderUnderTest): void {
  let provider: ProviderServer;

  beforeEach(async () => {
    provider = await ProviderServer.start();
  });
  afterEach(() => provider.close());

  const transport = (options: { readonly credential?: Credential; readonly timeoutSeconds?: number } = {}) =>
    make(provider.url, { credential: KEY, ...options });

  async function send(reaction: Reaction, timeoutSeconds?: number) {
    provider.reaction = reaction;
    const options = timeoutSeconds === undefined ? {} : { timeoutSeconds };
    const result = await transport(options).send(OUTGOING, { signal: NO_ABORT });
    expectNothingTold(result);
    return result;
  }

  /** Accepts each message with an id of its own. */
  function accepting(): Reaction {
    let count = 0;
    return (response, request) => accept(messageId(count++))(response, request);
  }

  describe('when things go wrong', () => {
    it.each<[string, Reaction]>([
      ['no answer', hang],
      ['an answer that never ends', neverEnding],
    ])('L1 case 56: %s is an unknown outcome, after the timeout', async (_case, reaction) => {
      // Time enough for the request to leave, also on a busy machine.
      const result = await send(reaction, 1);
      expect(result).toEqual({ outcome: 'failed', reason: 'unknown-outcome', detail: 'no answer in time' });
      expect(provider.seen).toHaveLength(1);
    });

    it.each<[string, Reaction]>([
      ['half an answer of status 200', halfAnswer(200)],
      ['half an answer of status 400', halfAnswer(400)],
      ['what is not HTTP', garbage],
      ['a connection that breaks', reset],
      ['a page of somebody else', answer(200, '<html>sign in to this Wi-Fi</html>')],
      ['an empty answer', answer(200)],
      ['another shape', answer(200, [])],
      ['JSON null', answer(200, 'null')],
      ['half of JSON', answer(200, '{"id":"x')],
      ['the text of a prototype', answer(200, ACCEPTED_BY_PROTOTYPE)],
      ['its own request', echo(200)],
      ['a success whose id is empty', accept('')],
      ['a success whose id breaks lines', accept('a\nb')],
      ['a success whose id is endless', accept('x'.repeat(300))],
      ['a conflict', answer(409)],
      ['a gateway that fails', answer(502, '<html>Bad Gateway</html>')],
    ])('L3 case 56: %s is an unknown outcome, and is not tried again', async (_case, reaction) => {
      expect(await send(reaction)).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
      expect(provider.seen).toHaveLength(1);
    });

    const meanings = Object.entries({ ...STATUSES, ...statuses });
    it.each(meanings)(
      'A6 status %i without a code the provider documents is %s, and its words stay out',
      async (name, reason) => {
        const status = Number(name);
        for (const reaction of [echo(status), answer(status)]) {
          expect(await send(reaction)).toEqual({ outcome: 'failed', reason, detail: detail(status) });
        }
        expect(provider.seen).toHaveLength(2);
      },
    );

    it.each([301, 302, 303, 307, 308])('follows no redirect: %i', async (status) => {
      const result = await send(redirect(`${provider.url}/elsewhere`, status));
      expect(result).toMatchObject({ outcome: 'failed', reason: 'configuration' });
      expect(provider.seen).toHaveLength(1);
    });

    it('a refused connection is definite', async () => {
      const before = transport();
      await provider.close();
      const result = await before.send(OUTGOING, { signal: NO_ABORT });
      expect(result).toEqual({ outcome: 'failed', reason: 'transient', detail: 'no connection (ECONNREFUSED)' });
    });

    it('a caller that stops while it waits gets an unknown outcome', async () => {
      const controller = new AbortController();
      provider.reaction = () => controller.abort();
      const result = await transport().send(OUTGOING, { signal: controller.signal });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
    });

    it('a caller that has stopped before sends nothing', async () => {
      provider.reaction = accepting();
      const result = await transport().send(OUTGOING, { signal: AbortSignal.abort() });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'transient' });
      expect(provider.seen).toHaveLength(0);
    });

    it('A6 nothing is kept from one message to the next', async () => {
      provider.reaction = inTurn(echo(400), accepting());
      const one = transport();
      expect(await one.send(OUTGOING, { signal: NO_ABORT })).toMatchObject({ outcome: 'failed' });
      expect(await one.send(OUTGOING, { signal: NO_ABORT })).toMatchObject({ outcome: 'accepted' });
    });
  });

  it('L3 connections are used again: several messages need fewer of them', async () => {
    provider.reaction = accepting();
    const one = transport();
    for (let sent = 0; sent < 6; sent++) {
      expect(await one.send(OUTGOING, { signal: NO_ABORT })).toMatchObject({ outcome: 'accepted' });
    }
    expect(provider.seen).toHaveLength(6);
    expect(provider.connections).toBeLessThan(6);
  });

  describe('credentials', () => {
    it('are read for each message', async () => {
      provider.reaction = accepting();
      const secrets = ['first-secret', 'second-secret'];
      const rotating = transport({ credential: async () => secrets.shift() ?? '' });
      await rotating.send(OUTGOING, { signal: NO_ABORT });
      await rotating.send(OUTGOING, { signal: NO_ABORT });
      expect(provider.seen.map(({ headers }) => shown(headers))).toEqual([
        authorization('first-secret'),
        authorization('second-secret'),
      ]);
    });

    it.each<[string, () => string | Promise<string>]>([
      [
        'throws',
        () => {
          throw new Error(`no lease for ${KEY}`);
        },
      ],
      ['rejects', () => Promise.reject(new Error(`no lease for ${KEY}`))],
      ['never ends', () => new Promise(() => undefined)],
      ['gives nothing', () => ''],
    ])('A6 a function that %s sends nothing and tells nothing', async (_case, credential) => {
      provider.reaction = accepting();
      const result = await transport({ credential, timeoutSeconds: 0.03 }).send(OUTGOING, { signal: NO_ABORT });
      expect(result).toEqual({ outcome: 'failed', reason: 'transient', detail: 'the credential could not be read' });
      expect(provider.seen).toHaveLength(0);
    });
  });

  describe('the transport contract', () => {
    const before = (reaction: () => Reaction) => () => {
      provider.reaction = reaction();
      return transport();
    };
    const cases = transportContract({
      accepting: before(accepting),
      refusing: before(() => echo(400)),
      silent: before(() => hang),
    });
    it.each(cases)('$name', async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    });
  });
}
