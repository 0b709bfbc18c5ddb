import type { Purpose } from '../challenge/purpose.js';
import type { Channel } from '../phone/channel.js';
import type { InvalidChannel } from './results.js';

/** The channel that was asked for, if it is one of the purpose's; without a wish `usual`. */
export function chooseChannel(
  { channels }: Purpose,
  wish: Channel | undefined,
  usual: Channel = channels[0],
): Channel | InvalidChannel {
  const channel = wish ?? usual;
  return channels.includes(channel)
    ? channel
    : { outcome: 'invalid_channel', detail: `must be one of: ${channels.join(', ')}` };
}

/** What comes after a channel that failed. */
export function nextChannel({ channels }: Purpose, failed: Channel): Channel | undefined {
  return channels[channels.indexOf(failed) + 1];
}
