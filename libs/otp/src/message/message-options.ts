import type { MessageTemplate } from './message-template.js';

/** The words of messages, for all purposes. */
export interface OtpMessageOptions {
  /**
   * BCP 47 tags of the only languages that may be used, e.g. those that your lawyers have read; the first is for everybody
   * else. @default all that are shipped, and English for everybody else
   */
  readonly languages?: readonly string[] | undefined;
  /** Your own words by BCP 47 tag; they replace the shipped ones or add a language. @default none */
  readonly templates?: Readonly<Record<string, MessageTemplate>> | undefined;
  /** Of the Android app that reads the message by the SMS Retriever API, 11 characters; stands in every SMS. @default none */
  readonly androidAppHash?: string | undefined;
}

/** What all messages of an application have in common. */
export interface MessageOptions extends OtpMessageOptions {
  /** See `checkServiceName`. */
  readonly serviceName: string;
  /** Host of the site where the code is entered, without scheme or port; see `checkOrigin`. */
  readonly origin?: string | undefined;
}
