import type { Channel } from '../phone/channel.js';
import type { DeliveryOrder } from './delivery-options.js';
import type { OutgoingMessage } from './sms-transport.js';

/** Whatever has a transport's name and channels. */
export interface NamedCarrier {
  readonly name: string;
  readonly channels: readonly Channel[];
}

type Route = Pick<OutgoingMessage, 'channel' | 'country'>;

/**
 * Who may carry a message, in the order of preference: as the first entry says that fits and of whose transports one has
 * the channel, or all that have it. Names that nobody has are passed over, for a test may have replaced the transports.
 */
export function carriersFor<T extends NamedCarrier>(
  route: Route,
  carriers: readonly T[],
  order: readonly DeliveryOrder[] = [],
): readonly T[] {
  const able = carriers.filter(({ channels }) => channels.includes(route.channel));
  for (const entry of order.filter((one) => fits(one, route))) {
    const chosen = [...new Set(entry.transports)].flatMap(
      (name) => able.find((carrier) => carrier.name === name) ?? [],
    );
    if (chosen.length > 0) {
      return chosen;
    }
  }
  return able;
}

function fits({ countries, channels }: DeliveryOrder, { country, channel }: Route): boolean {
  return (countries?.includes(country) ?? true) && (channels?.includes(channel) ?? true);
}
