import { type HttpAnswer, NUMBER, type OtpHttpClient } from './http.js';

/** Answers a challenge and asks to be remembered. */
export function verifyRemembering(
  client: OtpHttpClient,
  { challengeId, code }: { readonly challengeId: string; readonly code: unknown },
  rememberDevice: unknown = true,
): Promise<HttpAnswer> {
  const path = `/otp/challenges/${challengeId}/verify`;
  return client.call({ method: 'POST', path, body: { code, rememberDevice } });
}

/** @throws Error with the whole answer when it has no device token. */
export function deviceTokenOf({ status, headers, text }: HttpAnswer): string {
  const token = headers['otp-device'];
  if (typeof token !== 'string') {
    throw new Error(`an answer without a device token: ${status} ${text}`);
  }
  return token;
}

/** Signs in and is remembered: the device's token. */
export async function trustDevice(client: OtpHttpClient, phoneNumber: string = NUMBER): Promise<string> {
  return deviceTokenOf(await verifyRemembering(client, await client.start(phoneNumber)));
}
