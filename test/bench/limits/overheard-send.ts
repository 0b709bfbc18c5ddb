import { hmacSha256, type LimitRequest, type LimitStore, type OtpStore } from 'nestjs-sms-otp';
import { startOtp } from '../bench-otp.js';
import { freshMemoryStore } from '../otp-settings.js';

/** All that the library asks the limits before it sends one message for a client with an IPv4 address. */
export async function overhearSend(): Promise<readonly LimitRequest[]> {
  const heard: (readonly LimitRequest[])[] = [];
  const otp = await startOtp({
    store: overhearing(freshMemoryStore(), (requests) => heard.push(requests)),
    hashing: hmacSha256(),
  });
  await otp.issue({ ip: '192.0.2.1' });
  await otp.close();
  const [send] = heard;
  if (send === undefined) {
    throw new Error('Nothing was asked of the limits');
  }
  return send;
}

function overhearing(store: OtpStore, hear: (requests: readonly LimitRequest[]) => void): OtpStore {
  const { limits } = store;
  const overheard: LimitStore = {
    take(requests) {
      hear(requests);
      return limits.take(requests);
    },
    count: (requests) => limits.count(requests),
    numberState: (key) => limits.numberState(key),
    giveBack: (charges) => limits.giveBack(charges),
    settle: (charges) => limits.settle(charges),
    clear: (key, what) => limits.clear(key, what),
  };
  return { ...store, limits: overheard };
}
