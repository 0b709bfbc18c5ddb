import type { Channel } from '../phone/channel.js';
import type { RecordIndex } from '../secrets/record-index.js';
import type { Answered, Charge, Lane, LimitRequest, LogRequest, RecordKey } from '../stores/otp-store.js';
import { IpBudgets } from './ip-budgets.js';
import { LaneLimits } from './lane-limits.js';
import type { LimitSettings } from './limit-settings.js';
import type { SentMessage } from './sent-message.js';
import { SharedBudgets } from './shared-budgets.js';

/** Where a message goes, as limits see it. */
export interface Destination {
  /** Equal for every spelling and alias of one handset, `+` and digits. */
  readonly handsetKey: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** One number in one lane, and the client that asks. */
export interface LimitSubject {
  readonly number: RecordKey;
  readonly lane: Lane;
  /** The group of the client's address; missing when the application says that there is no client. */
  readonly ipGroup: string | undefined;
}

export interface SendSubject extends LimitSubject {
  readonly destination: Destination;
  /** The channel that its price depends on. */
  readonly channel: Channel;
  /** A risk assessor cleared it: what is shared and used up does not refuse. */
  readonly cleared?: boolean;
  /** Segments of the message, each of which costs. @default 1 */
  readonly segments?: number;
  /** Nobody asked for it: it takes the place of one that did not arrive, and does not wait for the cooldown. */
  readonly automatic?: boolean;
}

const SECONDS_A_DAY = 86_400;
/** What a farm of SIM cards can earn for the budgets that it uses up. */
const FIRST_CREDITS_PER_DAY = 3;

/**
 * Turns settings into the questions that one send or one answer asks the limits, all decided at once, and into what a
 * right code settles.
 *
 * Limits count messages that nobody has answered, and wrong codes: over number and lane, IP, prefix, country and all.
 */
export class LimitPolicy {
  private readonly lanes: LaneLimits;
  private readonly ip: IpBudgets;
  private readonly shared: SharedBudgets;

  constructor(
    private readonly settings: LimitSettings,
    private readonly index: RecordIndex,
    options: { readonly decoys: boolean } = { decoys: false },
  ) {
    this.lanes = new LaneLimits(settings, options);
    this.ip = new IpBudgets(settings.ip, index);
    this.shared = new SharedBudgets(settings, index, options);
  }

  /** One message. A lane locked by wrong codes gets none, for it could not be answered; nor does a client that guesses. */
  send({ number, lane, ipGroup, destination, cleared = false, ...message }: SendSubject): LimitRequest[] {
    const { channel, segments = 1, automatic = false } = message;
    return [
      ...this.lanes.send(number, lane, { waits: !automatic }),
      ...(ipGroup === undefined ? [] : this.ip.send(ipGroup, destination.country)),
      ...this.shared.send(destination, { channel, cleared, segments }),
    ];
  }

  /** Whether money is limited, so that the segments of a message matter. */
  get countsMoney(): boolean {
    return this.settings.money !== undefined;
  }

  /** A test number gets no message: it is counted on its own record, and on nothing that others share. */
  testSend({ number, lane }: Omit<LimitSubject, 'ipGroup'>): LimitRequest[] {
    return this.lanes.testSend(number, lane);
  }

  /** One answer: charged to number and IP before anything is compared. */
  attempt({ number, lane, ipGroup }: LimitSubject): LimitRequest[] {
    return [...this.lanes.attempt(number, lane), ...(ipGroup === undefined ? [] : this.ip.attempt(ipGroup))];
  }

  /** Only the question when the cooldown ends. */
  nextSend(number: RecordKey, lane: Lane): LogRequest[] {
    return [this.lanes.nextSend(number, lane)];
  }

  /** How full the public lane of a number is. */
  usage(number: RecordKey): LogRequest[] {
    return this.lanes.send(number, 'public');
  }

  /** A message that no provider took, or that was denied, is one that the client should not have asked for. */
  failedSend(ipGroup: string | undefined): LimitRequest[] {
    return ipGroup === undefined ? [] : this.ip.failedSend(ipGroup);
  }

  /** A wrong code, as one of everybody's. */
  wrongCode(): LimitRequest[] {
    return this.shared.wrongCode();
  }

  /**
   * Of a message that never left: all but what the client's address is charged, so that it cannot ask for ever. The
   * number's cooldown stays too.
   */
  givenBack(charges: readonly Charge[]): Charge[] {
    return charges.filter(({ key }) => key.kind !== 'ip' && key.kind !== 'network');
  }

  /**
   * Of a message that never left and still stands in its challenge: the number's send and the money. What is shared waits
   * for the answer that settles it, for it can be taken back only once.
   */
  givenBackOfChallenge(charges: readonly Charge[]): Charge[] {
    return charges.filter((charge) => 'log' in charge || charge.tally === 'spending');
  }

  /** What a right code settles of the messages of its challenge, on the keys that they were charged to. */
  settled(
    { number, lane }: Omit<LimitSubject, 'ipGroup'>,
    destination: Destination,
    messages: readonly SentMessage[],
  ): Charge[] {
    return messages.flatMap(({ at, ipGroup, counted }, position): Charge[] => {
      // One answer earns one credit, however many messages it took.
      const earns = position === messages.length - 1;
      return [
        { key: number, lane, log: 'sends', at },
        ...(ipGroup === undefined ? [] : this.ip.settled(ipGroup, { at, country: destination.country, earns })),
        ...(counted ? this.shared.settled(destination, { at, earns }) : []),
      ];
    });
  }

  /**
   * What the right code itself was charged: the number gets it back; of addresses it counts as a right one, and of
   * everybody's codes at `now`, unless it is a test number's.
   */
  settledAttempt(
    charges: readonly Charge[],
    now: number | undefined,
  ): { readonly settle: Charge[]; readonly giveBack: Charge[] } {
    return {
      settle: [
        ...charges.flatMap((charge): Charge[] => ('tally' in charge ? [{ ...charge, credit: 'always' }] : [])),
        ...(now === undefined ? [] : [this.shared.rightCode(now)]),
      ],
      giveBack: charges.filter((charge) => 'log' in charge),
    };
  }

  /** What the store learns of a number that answered. `ipGroup` is that of its last message. */
  answered(destination: Destination, ipGroup: string | undefined): Answered {
    return {
      knownSeconds: this.settings.knownNumbers.withinSeconds,
      firstCredits: {
        key: this.index.pair(ipGroup ?? '', this.shared.prefixOf(destination)),
        limit: FIRST_CREDITS_PER_DAY,
        windowSeconds: SECONDS_A_DAY,
      },
    };
  }
}
