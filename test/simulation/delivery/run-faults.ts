import { NestFactory } from '@nestjs/core';
import {
  hmacSha256,
  httpsTransport,
  memoryStore,
  OtpEvents,
  OtpModule,
  OtpService,
  type SmsTransport,
} from 'nestjs-sms-otp';
import { ScriptedProvider } from './scripted-provider.js';
import { PROVIDERS, type ProviderName, type Spell, SPELLS } from './spells.js';

export interface FaultsOptions {
  readonly seed: number;
  /** One for each person. */
  readonly sends: number;
  readonly afterUnknownOutcome?: 'stop' | 'next';
  /** Told after each spell. */
  readonly onSpell?: (spell: Spell) => void;
}

/** A transport that was asked to send a message. */
export interface Attempt {
  readonly provider: ProviderName;
  /** Whether the system said that there was no connection, so that nothing can have left. */
  unconnected: boolean;
}

/** One person who asked for a code. */
export interface Send {
  readonly spell: Spell;
  readonly to: string;
  /** Who was asked to send it, in order. */
  readonly asked: readonly Attempt[];
  /** What the application was told. */
  readonly outcome: 'accepted' | 'unknown' | 'failed';
  readonly challengeId: string | undefined;
  readonly waitMs: number;
}

export interface FaultsRun {
  readonly sends: readonly Send[];
  readonly providers: Readonly<Record<ProviderName, ScriptedProvider>>;
  readonly circuits: readonly { readonly spell: Spell; readonly event: string; readonly transport: string }[];
  /** What the module says to a code that a person of `sends` types. */
  readonly verify: (send: Send, code: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

const SECRET = 'q8Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0';
const PURPOSE = 'login';
/** How many people ask at once. */
const WIDTH = 32;
const NEVER_FULL = { unansweredSends: [{ limit: 1_000_000, windowSeconds: 3600 }] };
const TIMEOUT_SECONDS = 1;

/** Sends through the real module to three providers, spell after spell. */
export async function runFaults({
  seed,
  sends: total,
  afterUnknownOutcome,
  onSpell,
}: FaultsOptions): Promise<FaultsRun> {
  const providers = {
    alpha: await ScriptedProvider.start(seed + 1),
    beta: await ScriptedProvider.start(seed + 2),
    gamma: await ScriptedProvider.start(seed + 3),
  };
  const asked = new Map<string, Attempt[]>();
  /** The transport for a provider; it notes who was asked. */
  const transportTo = (provider: ProviderName): SmsTransport => {
    const transport = httpsTransport({
      name: provider,
      url: providers[provider].url,
      body: ({ to, text }) => ({ to, text }),
      messageId: readId,
      classify: ({ status }) => (status === 503 ? 'transient' : undefined),
    });
    return {
      ...transport,
      send: async (message, options) => {
        const attempt: Attempt = { provider, unconnected: false };
        asked.set(message.to, [...(asked.get(message.to) ?? []), attempt]);
        const result = await transport.send(message, options);
        attempt.unconnected = result.outcome === 'failed' && result.detail?.startsWith('no connection') === true;
        return result;
      },
    };
  };
  const app = await NestFactory.createApplicationContext(
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [SECRET],
      purposes: { [PURPOSE]: { start: 'public' } },
      store: memoryStore(),
      hashing: hmacSha256(),
      limits: { prefix: NEVER_FULL, country: NEVER_FULL, all: NEVER_FULL },
      transports: PROVIDERS.map(transportTo),
      sendTimeoutSeconds: TIMEOUT_SECONDS,
      delivery: {
        totalTimeoutSeconds: 3 * TIMEOUT_SECONDS,
        circuitBreaker: { openSeconds: 1 },
        ...(afterUnknownOutcome === undefined ? {} : { afterUnknownOutcome }),
      },
    }),
    { logger: false },
  );
  const otp = app.get(OtpService);
  const sends: Send[] = [];
  const circuits: { spell: Spell; event: string; transport: string }[] = [];
  let current = SPELLS[0];
  for (const event of ['circuit.opened', 'circuit.closed'] as const) {
    app.get(OtpEvents).on(event, ({ transport }) => {
      if (current !== undefined) {
        circuits.push({ spell: current, event, transport });
      }
    });
  }

  /** One person asks for a code. */
  const sendTo = async (to: string, spell: Spell): Promise<Send> => {
    const start = performance.now();
    const result = await otp.issue({ purpose: PURPOSE, phoneNumber: to, client: 'none' });
    const waitMs = performance.now() - start;
    const about = { spell, to, asked: asked.get(to) ?? [], waitMs };
    if (result.outcome === 'delivery_failed') {
      return { ...about, outcome: 'failed', challengeId: undefined };
    }
    if (result.outcome !== 'issued') {
      throw new Error(`The module answered ${result.outcome}`);
    }
    const { challengeId } = result.challenge;
    const status = await otp.status({ challengeId });
    const delivery = status.outcome === 'live' ? status.challenge.delivery : status.outcome;
    if (delivery !== 'sent' && delivery !== 'unknown') {
      throw new Error(`The delivery of an issued challenge is ${delivery}`);
    }
    return { ...about, outcome: delivery === 'sent' ? 'accepted' : 'unknown', challengeId };
  };

  for (const spell of SPELLS) {
    current = spell;
    for (const name of PROVIDERS) {
      providers[name].mix = spell.mixes[name];
    }
    const first = sends.length;
    const people = Array.from({ length: Math.round(total * spell.share) }, (_, index) => numberOf(first + index));
    const queue = people.values();
    await Promise.all(
      Array.from({ length: WIDTH }, async () => {
        for (const to of queue) {
          sends.push(await sendTo(to, spell));
        }
      }),
    );
    onSpell?.(spell);
  }

  return {
    sends,
    providers,
    circuits,
    verify: async ({ challengeId = '' }, code) =>
      (await otp.verify({ purpose: PURPOSE, challengeId, code, client: 'none' })).outcome,
    close: async () => {
      await Promise.all(PROVIDERS.map((name) => providers[name].close()));
      await app.close();
    },
  };
}

function readId(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string' ? body.id : undefined;
}

/** A Dutch mobile number, different for every n below ten million. */
function numberOf(n: number): string {
  return `+316${10_000_000 + n}`;
}
