import { packIpGroup, unpackIpGroup } from '../limits/ip-group.js';
import type { SentMessage } from '../limits/sent-message.js';
import type { BindingDetails } from '../message/message-template.js';
import { CHANNELS, type Channel } from '../phone/channel.js';
import { handsetKeyOf } from '../phone/handset-key.js';
import { maskNumber } from '../phone/mask-number.js';
import type { PhoneNumber } from '../phone/phone-number.types.js';
import type { RingSecret } from '../secrets/secret-ring.js';
import { NONCE_BYTES, open, seal } from '../secrets/sealing.js';
import type { ChallengeRef, StoredChallenge } from '../stores/otp-store.js';
import { MAX_DETAILS_BYTES, type Transaction } from './transaction.js';

/** What a challenge knows and its store must not. */
export interface ChallengePayload {
  readonly number: PhoneNumber;
  readonly purpose: string;
  readonly subject: string | undefined;
  readonly locale: string | undefined;
  readonly channel: Channel;
  /** No message goes out and no code is ever right. */
  readonly decoy: boolean;
  /** The number is one of the application's test numbers: no message goes out, and the code is a fixed one. */
  readonly test: boolean;
  readonly transaction: Transaction;
  /** `sessionHash` of the client's session, where the code is worth nothing from another. */
  readonly session: Buffer | undefined;
  /** To be settled when the code is answered. */
  readonly messages: readonly SentMessage[];
}

export interface SealedFor {
  readonly ref: ChallengeRef;
  readonly secret: RingSecret;
  /** The code's hash: its salt, fresh for every code, is the nonce. */
  readonly hash: Buffer;
}

/** Seals the payload to its challenge and to this code. */
export function sealPayload(payload: ChallengePayload, { ref, secret, hash }: SealedFor): Buffer {
  return seal(secret.key('record'), encode(payload), { nonce: hash.subarray(0, NONCE_BYTES), context: ref.id });
}

/** `undefined` when the record was altered, moved to another challenge, or sealed by a secret that is gone. */
export function openPayload(
  challenge: StoredChallenge,
  { ref, secret }: Omit<SealedFor, 'hash'>,
): ChallengePayload | undefined {
  const plaintext = open(secret.key('record'), challenge.sealed, {
    nonce: challenge.hash.subarray(0, NONCE_BYTES),
    context: ref.id,
  });
  try {
    return plaintext && decode(plaintext);
  } catch {
    // Sealed by another version of this code.
    return undefined;
  }
}

/*
 * The encoding is dense because every byte is kept for every live challenge:
 * decoy, what follows, channel and length of the calling code (1), country (2), test and digits of the number (1 + half a
 * byte each), then purpose, subject and locale (1 + length each), session and action (32 each) and details (2 + length) where
 * there are any, then the messages until the end: tag (1), time (6), and the address unless there is none (1, 5, or 1 +
 * the bytes of its prefix).
 */
const DECOY = 1 << 7;
const HAS_SESSION = 1 << 6;
const HAS_ACTION = 1 << 5;
const HAS_DETAILS = 1 << 4;
const TEST = 1 << 7;
const CHANNEL_BITS = 0b11;
const CALLING_CODE_BITS = 0b11;
const COUNTED = 1;
const HAS_CLIENT = 2;
const TIME_BYTES = 6;
const HASH_BYTES = 32;

function encode({
  number,
  purpose,
  subject,
  locale,
  channel,
  decoy,
  test,
  transaction,
  session,
  messages,
}: ChallengePayload): Buffer {
  const { details, action } = transaction;
  const digits = number.e164.slice(1);
  const callingCodeDigits = number.masked.indexOf('*') - 1;
  return Buffer.concat([
    Buffer.of(
      (decoy ? DECOY : 0) |
        (session ? HAS_SESSION : 0) |
        (action ? HAS_ACTION : 0) |
        (details ? HAS_DETAILS : 0) |
        (CHANNELS.indexOf(channel) << 2) |
        callingCodeDigits,
    ),
    Buffer.from(number.country, 'latin1'),
    Buffer.of((test ? TEST : 0) | digits.length),
    Buffer.from(digits.padEnd(digits.length + (digits.length % 2), '0'), 'hex'),
    ...[purpose, subject ?? '', locale ?? ''].map(shortText),
    ...(session ? [session] : []),
    ...(action ? [action] : []),
    ...(details ? [encodeDetails(details)] : []),
    ...messages.map(encodeMessage),
  ]);
}

function decode(bytes: Buffer): ChallengePayload {
  const reader = new Reader(bytes);
  const head = reader.byte();
  const country = reader.take(2).toString('latin1');
  const counted = reader.byte();
  const digitCount = counted & ~TEST;
  const digits = reader
    .take(Math.ceil(digitCount / 2))
    .toString('hex')
    .slice(0, digitCount);
  const [purpose, subject, locale] = [reader.text(), reader.text(), reader.text()];
  const session = (head & HAS_SESSION) === 0 ? undefined : reader.take(HASH_BYTES);
  const action = (head & HAS_ACTION) === 0 ? undefined : reader.take(HASH_BYTES);
  const details = (head & HAS_DETAILS) === 0 ? undefined : decodeDetails(reader);
  const messages: SentMessage[] = [];
  while (!reader.atEnd) {
    messages.push(decodeMessage(reader));
  }
  const e164 = `+${digits}`;
  return {
    number: {
      e164,
      country,
      handsetKey: handsetKeyOf(e164),
      masked: maskNumber(e164, digits.slice(0, head & CALLING_CODE_BITS)),
    },
    purpose,
    subject: subject || undefined,
    locale: locale || undefined,
    channel: CHANNELS[(head >> 2) & CHANNEL_BITS] ?? 'sms',
    decoy: (head & DECOY) !== 0,
    test: (counted & TEST) !== 0,
    transaction: { details, action },
    session,
    messages,
  };
}

function encodeDetails(details: BindingDetails): Buffer {
  const json = Buffer.from(JSON.stringify(details));
  if (json.length > MAX_DETAILS_BYTES) {
    throw new RangeError(`A binding has at most ${MAX_DETAILS_BYTES} bytes`);
  }
  const length = Buffer.alloc(2);
  length.writeUInt16BE(json.length);
  return Buffer.concat([length, json]);
}

function decodeDetails(reader: Reader): BindingDetails {
  const json = reader.take(reader.take(2).readUInt16BE()).toString('utf8');
  // Sealed by this file, so it is what this file wrote.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(json) as BindingDetails;
}

function encodeMessage({ at, ipGroup, counted }: SentMessage): Buffer {
  const head = Buffer.alloc(1 + TIME_BYTES);
  head.writeUInt8((counted ? COUNTED : 0) | (ipGroup === undefined ? 0 : HAS_CLIENT));
  head.writeUIntBE(at, 1, TIME_BYTES);
  return ipGroup === undefined ? head : Buffer.concat([head, packIpGroup(ipGroup)]);
}

function decodeMessage(reader: Reader): SentMessage {
  const tag = reader.byte();
  const at = reader.take(TIME_BYTES).readUIntBE(0, TIME_BYTES);
  const ipGroup = (tag & HAS_CLIENT) === 0 ? undefined : unpackIpGroup((length) => reader.take(length));
  return { at, ipGroup, counted: (tag & COUNTED) !== 0 };
}

function shortText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > 255) {
    throw new RangeError('A text of a challenge has at most 255 bytes');
  }
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

class Reader {
  private offset = 0;

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  byte(): number {
    return this.take(1).readUInt8();
  }

  text(): string {
    return this.take(this.byte()).toString('utf8');
  }

  take(length: number): Buffer {
    const slice = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return slice;
  }
}
