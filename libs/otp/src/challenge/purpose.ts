import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CodeLength } from '../code/make-code.js';
import type { Channel } from '../phone/channel.js';
import { listAudience } from './audience.js';
import type { BindingDetails, MessageTemplate } from '../message/message-template.js';

/** A schema (zod, valibot, arktype, …) whose values are flat records of texts, numbers and truth values. */
export type BindingSchema = StandardSchemaV1<unknown, BindingDetails>;

/** What codes may be asked for; one entry of the `purposes` option. */
export interface OtpPurposeDefinition {
  /**
   * Who may start a challenge: `public`, anybody through `POST /otp/challenges`; `application`, only the
   * application's own code. @default 'application'
   */
  readonly start?: 'public' | 'application' | undefined;
  /** Lifetime of a code in seconds, 30 to 600 (NIST SP 800-63B-4 §3.1.3.2: at most ten minutes). @default 300 */
  readonly ttlSeconds?: number | undefined;
  /** @default 6 */
  readonly codeLength?: CodeLength | undefined;
  /** Codes that are compared per challenge, 1 to 10, resends included. @default 5 */
  readonly maxAttempts?: number | undefined;
  /** Messages per challenge, the first included, 1 to 10. @default 3 */
  readonly maxSends?: number | undefined;
  /**
   * How its messages may travel, the usual way first. A person may choose among them; `delivery.resendFailed` goes on to the
   * next. Email is no out-of-band authenticator (NIST SP 800-63B-4 §3.1.3.1): whoever reads the mailbox has the code.
   * @default ['sms']
   */
  readonly channels?: readonly Channel[] | undefined;
  /**
   * Services beside this application that its proofs are for, e.g. `https://payments.acme.com`; they stand in `aud`
   * after the namespace. 1 to 255 characters each. @default none
   */
  readonly audience?: string | readonly string[] | undefined;
  /**
   * What a code of this purpose stands for, e.g. `z.object({ amount: z.string(), payee: z.string() })`. Every challenge
   * then needs a binding: it is checked by this schema, shown in the message, and hashed into the code and the proof, so
   * that a changed amount makes the code wrong (PSD2 dynamic linking). Such a purpose is never `public`. @default none
   */
  readonly binding?: BindingSchema | undefined;
  /**
   * The words of its messages, e.g. to say who is paid. The line that binds the code to your site is added. Where it
   * returns no text, a text without the code or a line like `@host #code`, or throws, nothing is sent and the call fails.
   * @default the module's own words, which name every member of the binding
   */
  readonly message?: MessageTemplate | undefined;
}

export type OtpPurposes = Readonly<Record<string, OtpPurposeDefinition>>;

/**
 * Declares the purposes of an application once, so that options, decorators and types see the same.
 *
 * @example
 * export const purposes = defineOtpPurposes({ login: { start: 'public' }, payout: { ttlSeconds: 180 } });
 * declare module 'nestjs-sms-otp' { interface OtpRegister { purposes: typeof purposes } }
 */
export function defineOtpPurposes<const T extends OtpPurposes>(purposes: T): T {
  return purposes;
}

/** Merge your purposes into this interface and every purpose is checked by the compiler. */
export interface OtpRegister {}

/** The declared purposes' names; any string until `OtpRegister` is merged. */
export type OtpPurposeName = OtpRegister extends { purposes: infer T } ? Extract<keyof T, string> : string;

/** What the `binding` of a purpose takes; nothing for purposes without one. */
export type OtpBindingInput<P extends string> = OtpRegister extends { purposes: infer T }
  ? P extends keyof T
    ? T[P] extends { readonly binding: infer S extends StandardSchemaV1 }
      ? StandardSchemaV1.InferInput<S>
      : undefined
    : undefined
  : BindingDetails;

/** A registered purpose with a schema cannot do without. */
export type OtpBindingNeeded<P extends string> = OtpRegister extends { purposes: unknown }
  ? undefined extends OtpBindingInput<P>
    ? object
    : { readonly binding: OtpBindingInput<P> }
  : object;

/** A purpose with every default filled in. */
export interface Purpose {
  readonly name: string;
  readonly start: 'public' | 'application';
  readonly ttlSeconds: number;
  readonly codeLength: CodeLength;
  readonly maxAttempts: number;
  readonly maxSends: number;
  readonly channels: readonly [Channel, ...Channel[]];
  readonly audience: readonly string[];
  readonly binding: BindingSchema | undefined;
  readonly message: MessageTemplate | undefined;
}

export class PurposeRegistry {
  private readonly purposes: ReadonlyMap<string, Purpose>;

  constructor(definitions: OtpPurposes) {
    this.purposes = new Map(
      Object.entries(definitions).map(([name, definition]) => [name, complete(name, definition)]),
    );
  }

  get(name: string): Purpose | undefined {
    return this.purposes.get(name);
  }

  /** @throws Error naming the declared purposes: a mistake in the application, not in a request. */
  require(name: string): Purpose {
    const purpose = this.purposes.get(name);
    if (purpose === undefined) {
      throw new Error(`purpose '${name}' is not declared; declared are: ${[...this.purposes.keys()].join(', ')}`);
    }
    return purpose;
  }

  get all(): readonly Purpose[] {
    return [...this.purposes.values()];
  }

  /** The purpose that a public request means: the one it names, or the only public one. */
  public(name: string | undefined): Purpose | undefined {
    const candidates = [...this.purposes.values()].filter((purpose) => purpose.start === 'public');
    if (name === undefined) {
      return candidates.length === 1 ? candidates[0] : undefined;
    }
    return candidates.find((purpose) => purpose.name === name);
  }
}

function complete(name: string, definition: OtpPurposeDefinition): Purpose {
  const [first = 'sms', ...others] = definition.channels ?? [];
  return {
    name,
    start: definition.start ?? 'application',
    ttlSeconds: definition.ttlSeconds ?? 300,
    codeLength: definition.codeLength ?? 6,
    maxAttempts: definition.maxAttempts ?? 5,
    maxSends: definition.maxSends ?? 3,
    channels: [first, ...others],
    audience: listAudience(definition.audience),
    binding: definition.binding,
    message: definition.message,
  };
}
