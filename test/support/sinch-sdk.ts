import { createRequire } from 'node:module';

interface TextRequest {
  readonly type: 'mt_text';
  readonly to: readonly string[];
  readonly from: string;
  readonly body: string;
  readonly expire_at: Date;
  readonly delivery_report: string;
  readonly callback_url: string;
}

interface SinchSdk {
  readonly SinchClient: new (options: {
    readonly servicePlanId: string;
    readonly apiToken: string;
    readonly smsHostname: string;
  }) => {
    readonly sms: {
      readonly batches: { send(request: { readonly sendSMSRequestBody: TextRequest }): Promise<unknown> };
    };
  };
  readonly SmsCallbackWebhooks: new (secret: string) => {
    validateAuthenticationHeader(
      headers: Readonly<Record<string, string>>,
      body: string,
      path: string,
      method: string,
    ): boolean;
  };
}

// Its own declarations name jest's and do not compile, so it is not imported; this is what the tests use of it.
const sdk: SinchSdk = createRequire(import.meta.url)('@sinch/sdk-core');
export const { SinchClient, SmsCallbackWebhooks } = sdk;
