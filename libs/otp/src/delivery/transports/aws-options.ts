import type { OptionCheck, SenderForm } from '../https/check-options.js';
import type { ProviderOptions } from '../https/provider-transport.js';
import type { Sender } from '../https/sender.js';
import type { AwsReceiptOptions } from '../receipts/aws-receipts.js';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

export interface AwsOptions extends Omit<ProviderOptions, 'baseUrl'> {
  /** e.g. `eu-west-1`. */
  readonly region: string;
  /** Phone number, sender id, pool id or an ARN of one, for all countries or by country. @default AWS chooses one of the account's */
  readonly originationIdentity?: Sender | undefined;
  /** Name or ARN; its event destination sends the delivery reports. @default the account's */
  readonly configurationSetName?: string | undefined;
  /** The most that one message may cost, in US dollars, above 0 and below 100; a dearer one is refused. @default no bound */
  readonly maxPriceUsd?: number | undefined;
  /** Which countries may be sent to, as AWS enforces it. @default the account's */
  readonly protectConfigurationId?: string | undefined;
  /**
   * Tells AWS of each code that was entered (`PutMessageFeedback`). A message without feedback counts as failed there after
   * an hour, so leave it off where nobody reads these figures. @default false
   */
  readonly feedback?: boolean | undefined;
  /**
   * Keys, or a function that gives those of this moment; it is called for each message. @default the client's own chain:
   * environment, shared files, the role of the container or instance
   */
  readonly credentials?: AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>) | undefined;
  /** `https:`, and `http:` for loopback hosts only; for a VPC endpoint or FIPS. @default `https://sms-voice.<region>.amazonaws.com` */
  readonly endpoint?: string | undefined;
  /** Delivery reports through an SNS topic. @default none */
  readonly receipts?: AwsReceiptOptions | undefined;
}

/** As AWS takes it: a number, name, pool or ARN. */
const IDENTITY: SenderForm = {
  form: /^[A-Za-z0-9_:/+-]{1,256}$/,
  mend: 'must be a number, sender id, pool id or ARN',
};
const REGION = /^[a-z]{2,3}(?:-[a-z]+){1,3}-\d{1,2}$/;

/** @throws TypeError when an option is wrong; it names the option and the mend. */
export function checkAwsOptions(options: AwsOptions, check: OptionCheck): void {
  const { name = 'aws', timeoutSeconds = 10, region, originationIdentity, maxPriceUsd, credentials } = options;
  check.name(name);
  check.timeoutSeconds(timeoutSeconds);
  check.pattern('region', region, { form: REGION, mend: 'must be the name of a region, e.g. "eu-west-1"' });
  if (options.endpoint !== undefined) {
    check.url('endpoint', options.endpoint);
  }
  if (originationIdentity !== undefined) {
    check.sender('originationIdentity', originationIdentity, IDENTITY);
  }
  for (const option of ['configurationSetName', 'protectConfigurationId'] as const) {
    if (options[option] !== undefined) {
      check.text(option, options[option]);
    }
  }
  check.demand(
    'maxPriceUsd',
    maxPriceUsd === undefined || (maxPriceUsd >= 0.00001 && maxPriceUsd < 100),
    'must be US dollars, above 0 and below 100',
  );
  check.demand(
    'credentials',
    credentials === undefined || typeof credentials === 'function' || isCredentials(credentials),
    'must be { accessKeyId, secretAccessKey }, or a function that gives them; leave it out for the role of the machine',
  );
}

export function isCredentials(value: unknown): value is AwsCredentials {
  const isText = (text: unknown) => typeof text === 'string' && text !== '';
  return (
    typeof value === 'object' &&
    value !== null &&
    'accessKeyId' in value &&
    isText(value.accessKeyId) &&
    'secretAccessKey' in value &&
    isText(value.secretAccessKey)
  );
}
