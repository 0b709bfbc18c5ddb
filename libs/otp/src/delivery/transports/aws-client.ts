import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { CredentialError } from '../https/credential.js';
import { type AwsCredentials, type AwsOptions, isCredentials } from './aws-options.js';

/** One client for all messages: it holds the pool of connections. */
export class AwsCaller {
  readonly client: PinpointSMSVoiceV2Client;
  private current: AwsCredentials | undefined;

  constructor(private readonly options: AwsOptions) {
    const { region, credentials, timeoutSeconds = 10 } = options;
    this.client = new PinpointSMSVoiceV2Client({
      region,
      // Given, and not looked for in the environment: nothing else decides where codes are sent.
      endpoint: options.endpoint ?? endpointOf(region),
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      maxAttempts: 1,
      retryMode: 'standard',
      requestHandler: { connectionTimeout: timeoutSeconds * 1000, requestTimeout: timeoutSeconds * 1000 },
      ...(credentials === undefined ? {} : { credentials: async () => this.identity() }),
    });
  }

  /** @throws CredentialError when there are none now */
  async refreshCredentials(): Promise<void> {
    const { credentials } = this.options;
    if (credentials === undefined) {
      return;
    }
    let given: unknown;
    try {
      given = typeof credentials === 'function' ? await credentials() : credentials;
    } catch {
      // A vault's error may repeat what it was asked for.
    }
    if (!isCredentials(given)) {
      throw new CredentialError('no credentials');
    }
    this.current = given;
  }

  private identity() {
    if (this.current === undefined) {
      throw new CredentialError('no credentials');
    }
    const { sessionToken, ...keys } = this.current;
    // The client keeps an identity that does not end for good; this one it asks for again.
    return { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }), expiration: new Date(0) };
  }
}

/** As the client would choose it by itself. */
export function endpointOf(region: string): string {
  return `https://sms-voice.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
