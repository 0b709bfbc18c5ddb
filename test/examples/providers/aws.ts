// #region example
import { aws } from 'nestjs-sms-otp/transports/aws';

/** Without `credentials` the client uses the role of the container, function or instance. */
export const sms = () =>
  aws({
    region: 'eu-west-1',
    originationIdentity: { default: 'Acme', US: 'pool-0123456789abcdef' },
    configurationSetName: 'otp',
    maxPriceUsd: 0.2,
    receipts: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:otp-receipts' },
  });
// #endregion example
