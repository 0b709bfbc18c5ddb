/**
 * Waits until the browser offers the code of an SMS (WebOTP); `undefined` where it cannot, may not, or was told to stop.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>}
 */
export async function codeFromSms(signal) {
  if (!('OTPCredential' in window)) {
    return undefined;
  }
  const request = { otp: { transport: ['sms'] }, signal };
  const credential = await navigator.credentials.get(request).catch(() => null);
  return !signal.aborted && credential && 'code' in credential ? String(credential.code) : undefined;
}
