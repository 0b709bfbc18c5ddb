import {
  PutMessageFeedbackCommand,
  SendTextMessageCommand,
  type SendTextMessageCommandInput,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { acceptedWith } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { senderFor } from '../https/sender.js';
import { sendFailure } from '../read-send-result.js';
import { awsReceipts } from '../receipts/aws-receipts.js';
import type { OutgoingMessage, SendResult, SmsTransport } from '../sms-transport.js';
import { withDeadline } from '../with-deadline.js';
import { AwsCaller } from './aws-client.js';
import { awsFailure } from './aws-failure.js';
import { type AwsOptions, checkAwsOptions } from './aws-options.js';

export type { AwsReceiptOptions } from '../receipts/aws-receipts.js';
export type { AwsCredentials, AwsOptions } from './aws-options.js';

const TTL_SECONDS = { min: 5, max: 259_200 };

/**
 * Sends by AWS End User Messaging SMS with the official client, `@aws-sdk/client-pinpoint-sms-voice-v2`, which the
 * application installs. The client's own retries are off: one after a lost answer would be a second message.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * aws({ region: 'eu-west-1', originationIdentity: 'Acme', maxPriceUsd: 0.15 })
 */
export function aws(options: AwsOptions): SmsTransport {
  const check = new OptionCheck('aws');
  check.given(options);
  checkAwsOptions(options, check);
  const { name = 'aws', timeoutSeconds = 10, receipts } = options;
  const caller = new AwsCaller(options);
  return {
    name,
    channels: ['sms'],
    ...(receipts === undefined ? {} : { receipts: awsReceipts(receipts, check) }),
    ...(options.feedback === true ? { confirm: async (id, { signal }) => confirm(id, signal) } : {}),
    send: async (message, { signal }) => {
      if (signal.aborted) {
        return sendFailure('transient', 'stopped before the request');
      }
      return send(message, signal);
    },
  };

  async function send(message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const command = new SendTextMessageCommand(requestOf(options, message));
    let hasLeft = false;
    command.middlewareStack.add(
      (next) => (args) => {
        hasLeft = true;
        return next(args);
      },
      // After signing, so that all before is a definite failure.
      { step: 'deserialize', priority: 'low' },
    );
    try {
      const { MessageId: id } = await withDeadline({ timeoutSeconds, signal }, async (abortSignal) => {
        await caller.refreshCredentials();
        return caller.client.send(command, { abortSignal });
      });
      return acceptedWith(id, { status: 200, body: undefined });
    } catch (error) {
      return awsFailure(error, { hasLeft });
    }
  }

  async function confirm(messageId: string, signal: AbortSignal): Promise<void> {
    const command = new PutMessageFeedbackCommand({ MessageId: messageId, MessageFeedbackStatus: 'RECEIVED' });
    const told = withDeadline({ timeoutSeconds, signal }, async (abortSignal) => {
      await caller.refreshCredentials();
      await caller.client.send(command, { abortSignal });
    });
    // The client's own error holds the whole answer.
    const failure = await told.then(
      () => undefined,
      (error: unknown) => awsFailure(error, { hasLeft: true }),
    );
    if (failure !== undefined) {
      throw new Error(`AWS took no feedback: ${failure.detail ?? failure.reason}`);
    }
  }
}

function requestOf(
  options: AwsOptions,
  { to, text, country, ttlSeconds }: OutgoingMessage,
): SendTextMessageCommandInput {
  const { originationIdentity, configurationSetName, maxPriceUsd, protectConfigurationId, feedback } = options;
  return {
    DestinationPhoneNumber: to,
    MessageBody: text,
    MessageType: 'TRANSACTIONAL',
    TimeToLive: Math.min(Math.max(Math.ceil(ttlSeconds), TTL_SECONDS.min), TTL_SECONDS.max),
    ...(originationIdentity === undefined ? {} : { OriginationIdentity: senderFor(originationIdentity, country) }),
    ...(configurationSetName === undefined ? {} : { ConfigurationSetName: configurationSetName }),
    ...(maxPriceUsd === undefined ? {} : { MaxPrice: maxPriceUsd.toFixed(5) }),
    ...(protectConfigurationId === undefined ? {} : { ProtectConfigurationId: protectConfigurationId }),
    ...(feedback === true ? { MessageFeedbackEnabled: true } : {}),
  };
}
