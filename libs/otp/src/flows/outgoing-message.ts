import type { Purpose } from '../challenge/purpose.js';
import type { OutgoingMessage } from '../delivery/sms-transport.js';
import { composeMessage } from '../message/compose-message.js';
import type { BindingDetails } from '../message/message-template.js';
import { countSegments } from '../message/segments.js';
import type { Channel } from '../phone/channel.js';
import type { PhoneNumber } from '../phone/phone-number.types.js';
import type { OtpParts } from './otp-parts.js';

/** What a message depends on, but for its code. */
export interface MessageSubject {
  readonly purpose: Purpose;
  readonly number: PhoneNumber;
  readonly channel: Channel;
  readonly locale: string | undefined;
  readonly details: BindingDetails | undefined;
}

/** @throws Error as `composeMessage` does */
export function outgoingMessage(parts: OtpParts, subject: MessageSubject, code: string): OutgoingMessage {
  const { purpose, number, channel, locale: asked, details } = subject;
  const { name, ttlSeconds } = purpose;
  const { e164, country } = number;
  const { text, locale, binding } = composeMessage({
    ...parts.message,
    code,
    ttlSeconds,
    purpose: name,
    channel,
    country,
    binding: details,
    template: purpose.message,
    ...(asked === undefined ? {} : { locale: asked }),
  });
  return { to: e164, text, code, locale, channel, country, purpose: name, ttlSeconds, ...(binding && { binding }) };
}

/** How many segments a message will have, each of which costs. Any code of the length does: digits are all alike. */
export function segmentsOf(parts: OtpParts, subject: MessageSubject): number {
  if (subject.channel !== 'sms' || !parts.limits.countsMoney) {
    return 1;
  }
  return countSegments(outgoingMessage(parts, subject, '0'.repeat(subject.purpose.codeLength)).text).segments;
}
