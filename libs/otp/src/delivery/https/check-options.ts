import { type Channel, CHANNELS } from '../../phone/channel.js';
import { isCountry } from '../../phone/countries.js';
import type { ReceiptOptions } from '../receipts/receipt-reader.js';
import { RECEIPT_TOKEN } from '../receipts/receipt-token.js';
import { TRANSPORT_NAME } from '../transport-name.js';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const MAX_TIMEOUT_SECONDS = 60;
/** Also where a compiler takes it for one already. */
const isList: (value: unknown) => boolean = Array.isArray;

/** What a sender may be at one provider, and what is said where it is not that. */
export interface SenderForm {
  readonly form: RegExp;
  readonly mend: string;
}

/** A telephone number or a short code. */
export const NUMBER_ONLY: SenderForm = {
  form: /^\+?\d{3,15}$/,
  mend: 'must be a telephone number; write it with its country code, e.g. "+31612345678"',
};

/** GSM 03.40 has room for eleven characters of a name. */
const NAME_OR_NUMBER: SenderForm = {
  form: /^(?:\+?\d{3,15}|(?=.*[A-Za-z])[\x20-\x7E]{1,11})$/,
  mend: 'must be a number of at most 15 digits, or a name of at most 11 ASCII characters, one of them a letter',
};

/**
 * Checks a transport's options. Each check throws a `TypeError` that names the option and the mend, and never the value: it
 * may be a key.
 */
export class OptionCheck {
  /** `factory`: the function that the application calls, e.g. `twilio`. */
  constructor(private readonly factory: string) {}

  demand(option: string, holds: boolean, mend: string): void {
    if (!holds) {
      throw new TypeError(`${this.factory}: option ${option} ${mend}`);
    }
  }

  /** All options together; JavaScript callers may have left them out. */
  given(options: unknown): void {
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new TypeError(`${this.factory}: options must be given, as one object`);
    }
  }

  /** An option that has options of its own. */
  object(option: string, value: unknown): void {
    this.demand(option, typeof value === 'object' && value !== null && !Array.isArray(value), 'must be an object');
  }

  /** The name under which it stands in events, logs and the address of receipts. */
  name(value: string): void {
    this.demand('name', TRANSPORT_NAME.test(value), 'must be lower-case letters, digits and hyphens, e.g. "acme-sms"');
  }

  text(option: string, value: unknown): void {
    this.demand(option, typeof value === 'string' && value.trim() !== '', 'is missing; give it as text');
  }

  /** Text of a form, such as an id that stands in an address. */
  pattern(option: string, value: unknown, { form, mend }: { readonly form: RegExp; readonly mend: string }): void {
    this.demand(option, typeof value === 'string' && form.test(value), mend);
  }

  /** A key as text, or a function that gives it. */
  credential(option: string, value: unknown): void {
    const isGiven =
      typeof value === 'function' || (typeof value === 'string' && value.trim() === value && value !== '');
    this.demand(option, isGiven, 'is missing; give it as text from the environment, or as a function that reads it');
  }

  /** `https:`, and `http:` for loopback hosts only; without credentials. */
  url(option: string, text: unknown): void {
    const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
    this.demand(option, url !== undefined, 'must be an absolute address, e.g. "https://sms.example.com/send"');
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
    this.demand(
      option,
      isSafe,
      'must begin with https:// (http:// is for loopback hosts only): the message carries a code',
    );
    this.demand(
      option,
      url?.username === '' && url.password === '',
      'must not hold credentials; put them into headers',
    );
  }

  /** Where a provider's interface is; paths are added to it. */
  baseUrl(value: string | undefined): void {
    if (value !== undefined) {
      this.url('baseUrl', value);
      this.demand('baseUrl', !/[?#]/.test(value), 'must have neither query nor fragment; paths are added to it');
    }
  }

  timeoutSeconds(value: number): void {
    this.demand(
      'timeoutSeconds',
      typeof value === 'number' && value > 0 && value <= MAX_TIMEOUT_SECONDS,
      `must be above 0 and at most ${MAX_TIMEOUT_SECONDS}`,
    );
  }

  channels(channels: readonly Channel[], possible: readonly Channel[] = CHANNELS): void {
    this.demand(
      'channels',
      isList(channels) && channels.length > 0 && channels.every((channel) => possible.includes(channel)),
      `must be some of ${possible.join(', ')}`,
    );
  }

  /** One sender, or one for each country with a default. */
  sender(option: string, value: unknown, { form, mend }: SenderForm = NAME_OR_NUMBER): void {
    const isTable = typeof value === 'object' && value !== null && 'default' in value;
    const senders: readonly unknown[] = isTable ? Object.values(value) : [value];
    const isGiven = senders.every((sender) => typeof sender === 'string' && sender.trim() !== '');
    this.demand(option, isGiven, 'must be a name or number, or { default: …, US: … } by country');
    const strangers = isTable ? Object.keys(value).filter((name) => name !== 'default' && !isCountry(name)) : [];
    this.demand(
      option,
      strangers.length === 0,
      `has ${strangers.join(', ')}, which is no country; write ISO 3166-1 alpha-2 codes in capitals, e.g. "GB"`,
    );
    this.demand(
      option,
      senders.every((sender) => typeof sender === 'string' && form.test(sender)),
      mend,
    );
  }

  /** What signatures are checked with: at least one, several while they are rotated. */
  secrets(option: string, values: unknown): void {
    this.demand(
      option,
      Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string' && value !== ''),
      'must be a list of at least one secret',
    );
  }

  /** What all readers of receipts are given. `required`: the provider signs nothing, so there must be tokens. */
  receipts({ tokens = [], allowedIps = [] }: ReceiptOptions, { required }: { readonly required: boolean }): void {
    const areTokens = isList(tokens) && tokens.every((token) => typeof token === 'string' && RECEIPT_TOKEN.test(token));
    this.demand(
      'receipts.tokens',
      areTokens && (!required || tokens.length > 0),
      'must be secrets of 32 to 100 characters A-Z a-z 0-9 _ -; make one with `openssl rand -hex 32`',
    );
    this.demand('receipts.allowedIps', isList(allowedIps), 'must be a list of addresses and CIDR ranges');
  }
}
