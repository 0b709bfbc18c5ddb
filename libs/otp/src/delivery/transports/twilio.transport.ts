import type { Channel } from '../../phone/channel.js';
import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { encode, exchange, providerTransport } from '../https/provider-transport.js';
import { sendFailure } from '../read-send-result.js';
import { twilioReceipts } from '../receipts/twilio-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';
import { withDeadline } from '../with-deadline.js';
import { checkTwilioOptions, type TwilioOptions } from './twilio-options.js';
import { twilioPost, twilioSend } from './twilio-request.js';
import { findVoice } from './twilio-voices.js';

export type { TwilioReceiptOptions } from '../receipts/twilio-receipts.js';
export type { TwilioOptions } from './twilio-options.js';

const MESSAGE_SID = /^(?:SM|MM)[0-9a-fA-F]{32}$/;
const CALL_SID = /^CA[0-9a-fA-F]{32}$/;

const REASONS: ReadonlyMap<unknown, SendFailureReason> = new Map<unknown, SendFailureReason>([
  [21211, 'invalid-recipient'],
  [21614, 'invalid-recipient'],
  [30005, 'invalid-recipient'],
  [30006, 'invalid-recipient'],
  [21610, 'opted-out'],
  [21612, 'blocked-destination'],
  [30004, 'blocked-destination'],
  [20003, 'configuration'],
  [21408, 'configuration'],
  [21602, 'configuration'],
  [21606, 'configuration'],
  [21608, 'configuration'],
  [21617, 'configuration'],
  [30002, 'configuration'],
  [30007, 'configuration'],
  [20429, 'transient'],
  [21611, 'transient'],
  [21730, 'transient'],
  [30001, 'transient'],
  [30003, 'transient'],
  [30008, 'transient'],
]);

/**
 * Sends by Twilio: SMS, and where they are configured WhatsApp messages and calls.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend, and never the value.
 * @example
 * twilio({ accountSid, apiKey: process.env.TWILIO_API_KEY, from: { default: '+15005550006', GB: 'Acme' } })
 */
export function twilio(options: TwilioOptions): SmsTransport {
  const check = new OptionCheck('twilio');
  check.given(options);
  checkTwilioOptions(options, check);
  const { name = 'twilio', timeoutSeconds = 10, feedback = false, receipts } = options;
  return providerTransport({
    name,
    channels: channelsOf(options),
    timeoutSeconds,
    carries: (message) => canCarry(options, message),
    request: (message, { receiptUrl }) => twilioSend(options, message, receiptUrl),
    read: resultOf,
    receipts: receipts && twilioReceipts(receipts, check),
    // Only SMS are marked for it (`ProvideFeedback`).
    ...(feedback ? { confirm: confirmWith(options, timeoutSeconds), feedbackChannels: ['sms'] as const } : {}),
  });
}

function canCarry({ whatsapp }: TwilioOptions, { channel, locale, binding }: OutgoingMessage): boolean {
  if (channel === 'voice') {
    return findVoice(locale) !== undefined;
  }
  // The template has a place for the code alone.
  return channel !== 'whatsapp' || whatsapp?.contentSid === undefined || binding === undefined;
}

function channelsOf({ from, messagingServiceSid, whatsapp, voice }: TwilioOptions): readonly Channel[] {
  const hasSms = from !== undefined || messagingServiceSid !== undefined;
  return [
    ...(hasSms ? (['sms'] as const) : []),
    ...(voice === undefined ? [] : (['voice'] as const)),
    ...(whatsapp === undefined ? [] : (['whatsapp'] as const)),
  ];
}

function resultOf(answer: HttpsAnswer): SendResult {
  const { status, body } = answer;
  const failure = failureOfStatus(answer);
  if (failure === undefined) {
    const sid = jsonAt(body, 'sid');
    const isKnown = typeof sid === 'string' && (MESSAGE_SID.test(sid) || CALL_SID.test(sid));
    return acceptedWith(isKnown ? sid : undefined, answer);
  }
  const code = jsonAt(body, 'code');
  if (!isCode(code)) {
    return failure;
  }
  // With a code it is Twilio itself that failed, and not a gateway before it.
  return sendFailure(REASONS.get(code) ?? (status >= 500 ? 'transient' : failure.reason), `Twilio ${code}`);
}

function isCode(code: unknown): code is number {
  return typeof code === 'number' && Number.isInteger(code) && code >= 10_000 && code <= 99_999;
}

function confirmWith(options: TwilioOptions, timeoutSeconds: number): SmsTransport['confirm'] {
  return async (messageId, { signal }) => {
    if (!MESSAGE_SID.test(messageId)) {
      return; // calls take no such feedback
    }
    const { status } = await withDeadline({ timeoutSeconds, signal }, async (deadline) => {
      const request = await twilioPost(options, `Messages/${messageId}/Feedback`, { Outcome: 'confirmed' });
      return exchange(encode(request), deadline);
    });
    if (status < 200 || status >= 300) {
      throw new Error(`Twilio took no feedback (HTTP ${status})`);
    }
  };
}
