import { usedTemplates } from './choose-template.js';
import { wordsOf } from './compose-message.js';
import { layOutMessage } from './lay-out-message.js';
import type { MessageOptions } from './message-options.js';
import { countSegments } from './segments.js';

export interface MessageWarningsOptions extends MessageOptions {
  /** Digits of the longest code. @default 6 */
  readonly codeLength?: number | undefined;
}

/**
 * What is worth a warning at boot, one line each: languages whose messages take several segments with this name and site,
 * and languages that leave no room for the Android app's hash. The application's own templates are not run.
 */
export function messageWarnings({ codeLength = 6, ...options }: MessageWarningsOptions): string[] {
  const { serviceName, androidAppHash } = options;
  const facts = {
    code: '0'.repeat(codeLength),
    serviceName,
    ttlSeconds: 300,
    purpose: 'login',
    channel: 'sms',
  } as const;
  const messages = usedTemplates(options)
    .filter(({ kind }) => kind === 'shipped')
    .map((template) => ({
      tag: template.tag,
      text: layOutMessage(wordsOf(template, facts), { ...options, ...facts }),
    }));
  const several = messages.filter(({ text }) => countSegments(text).segments > 1);
  const unread = messages.filter(({ text }) => androidAppHash !== undefined && !text.includes(`\n${androidAppHash}`));
  const mend = `shorten serviceName${options.origin === undefined ? '' : ' or origin'}, or list the languages you need in languages`;
  return [
    several.length > 0 &&
      `Messages take more than one segment, each of which is paid for, in ${list(several)}; ${mend}`,
    unread.length > 0 &&
      `androidAppHash is left out for want of room, so the app reads no message in ${list(unread)}; ${mend}`,
  ].filter((line) => line !== false);
}

function list(messages: readonly { readonly tag: string }[]): string {
  return messages.map(({ tag }) => tag).join(', ');
}
