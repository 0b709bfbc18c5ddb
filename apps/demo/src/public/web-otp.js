/** Waits for the phone to offer the code of its SMS (WebOTP); `undefined` where that does not exist or is ended. */
export async function codeFromSms(signal) {
  if (!('OTPCredential' in window)) {
    return undefined;
  }
  const credential = await navigator.credentials.get({ otp: { transport: ['sms'] }, signal }).catch(() => null);
  return credential?.code;
}
