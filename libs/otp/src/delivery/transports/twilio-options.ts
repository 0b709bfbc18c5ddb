import { NUMBER_ONLY, type OptionCheck } from '../https/check-options.js';
import type { Credential } from '../https/credential.js';
import type { ProviderOptions } from '../https/provider-transport.js';
import type { Sender } from '../https/sender.js';
import type { TwilioReceiptOptions } from '../receipts/twilio-receipts.js';

export interface TwilioOptions extends ProviderOptions {
  /** `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /**
   * An API key as `SK…:secret`, one text so that both change together. Give either this or `authToken`; this is better: a
   * restricted key may send messages and nothing else.
   */
  readonly apiKey?: Credential | undefined;
  /** The account's auth token, which may do everything. */
  readonly authToken?: Credential | undefined;
  /**
   * The sender of SMS: a number, a short code, or a name of at most 11 characters; or a `messagingServiceSid`. Neither is needed
   * where `whatsapp` or `voice` is all there is.
   */
  readonly from?: Sender | undefined;
  /** `MG` and 32 hexadecimal digits: the service chooses the sender. */
  readonly messagingServiceSid?: string | undefined;
  /** Twilio's protection against SMS pumping. @default the account's setting */
  readonly riskCheck?: 'enable' | 'disable' | undefined;
  /** Whether Twilio keeps the text. The account must have it enabled. @default the account's setting */
  readonly contentRetention?: 'retain' | 'discard' | undefined;
  /** Whether Twilio keeps the number. The account must have it enabled. @default the account's setting */
  readonly addressRetention?: 'retain' | 'obfuscate' | undefined;
  /** Tells Twilio which codes of SMS were entered, so that it can choose better routes. @default false */
  readonly feedback?: boolean | undefined;
  /**
   * Adds the channel `whatsapp`, from a number. `contentSid`: `HX` and 32 hexadecimal digits, an approved template whose variable 1 is the
   * code; without it the text is sent, which WhatsApp takes only within 24 hours after the person wrote.
   */
  readonly whatsapp?: { readonly from: Sender; readonly contentSid?: string | undefined } | undefined;
  /**
   * Adds the channel `voice`: a call from a number that says the text twice. Twilio's own voices speak 17 languages; for a message
   * in another one it is passed over.
   */
  readonly voice?: { readonly from: Sender } | undefined;
  /** Reads delivery reports. @default none */
  readonly receipts?: TwilioReceiptOptions | undefined;
}

/** @throws TypeError when an option is wrong; it names the option and the mend. */
export function checkTwilioOptions(options: TwilioOptions, check: OptionCheck): void {
  check.name(options.name ?? 'twilio');
  check.demand('accountSid', isSid('AC', options.accountSid), 'must be "AC" and 32 hexadecimal digits');
  check.demand(
    'apiKey',
    (options.apiKey === undefined) !== (options.authToken === undefined),
    'or option authToken is needed; give one of them, not both',
  );
  checkKey(check, options);
  checkSenders(check, options);
  check.baseUrl(options.baseUrl);
  check.timeoutSeconds(options.timeoutSeconds ?? 10);
  checkWord(check, 'riskCheck', options.riskCheck, ['enable', 'disable']);
  checkWord(check, 'contentRetention', options.contentRetention, ['retain', 'discard']);
  checkWord(check, 'addressRetention', options.addressRetention, ['retain', 'obfuscate']);
}

function checkKey(check: OptionCheck, { apiKey, authToken }: TwilioOptions): void {
  if (apiKey === undefined) {
    check.credential('authToken', authToken);
    return;
  }
  check.credential('apiKey', apiKey);
  check.demand('apiKey', typeof apiKey === 'function' || isApiKey(apiKey), 'must be "SK…:" followed by its secret');
}

function checkSenders(check: OptionCheck, { from, messagingServiceSid, whatsapp, voice }: TwilioOptions): void {
  const isOtherChannel = whatsapp !== undefined || voice !== undefined;
  check.demand(
    'from',
    from === undefined || messagingServiceSid === undefined,
    'and option messagingServiceSid exclude each other; give one of them',
  );
  check.demand(
    'from',
    from !== undefined || messagingServiceSid !== undefined || isOtherChannel,
    'is missing; give it or messagingServiceSid',
  );
  if (from !== undefined) {
    check.sender('from', from);
  }
  if (messagingServiceSid !== undefined) {
    check.demand('messagingServiceSid', isSid('MG', messagingServiceSid), 'must be "MG" and 32 hexadecimal digits');
  }
  if (whatsapp !== undefined) {
    check.object('whatsapp', whatsapp);
    check.sender('whatsapp.from', whatsapp.from, NUMBER_ONLY);
    const isTemplate = whatsapp.contentSid === undefined || isSid('HX', whatsapp.contentSid);
    check.demand('whatsapp.contentSid', isTemplate, 'must be "HX" and 32 hexadecimal digits');
  }
  if (voice !== undefined) {
    check.object('voice', voice);
    check.sender('voice.from', voice.from, NUMBER_ONLY);
  }
}

function checkWord(check: OptionCheck, option: string, value: unknown, words: readonly string[]): void {
  check.demand(option, value === undefined || words.some((word) => word === value), `must be ${words.join(' or ')}`);
}

/** Sids stand in addresses: nothing else may get there. */
function isSid(kind: 'AC' | 'MG' | 'HX', value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(kind) && /^[A-Z]{2}[0-9a-fA-F]{32}$/.test(value);
}

export function isApiKey(text: string): boolean {
  return /^SK[0-9a-fA-F]{32}:[^\s:]+$/.test(text);
}
