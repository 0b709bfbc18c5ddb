import type { JSX } from 'preact';
import type { TextKey } from '../i18n/texts/index.js';
import type { KnownInstance } from './desk.store.js';
import { Panel, type PanelProps, Table } from './panel.js';

const STATUS: Readonly<Record<KnownInstance['status'], TextKey>> = {
  up: 'desk.works',
  degraded: 'desk.degraded',
  down: 'desk.down',
};
const LANES: ReadonlyMap<string, TextKey> = new Map([
  ['public', 'desk.lane.public'],
  ['device', 'desk.lane.device'],
  ['vouched', 'desk.lane.vouched'],
]);

export function LockedPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, country, dateTime } = words;
  return (
    <Panel id="desk-locked" title={t('desk.locked')}>
      <Table
        columns={[t('desk.number'), t('desk.lane'), t('desk.until')]}
        numbers={1}
        rows={snapshot.locked.map((lock) => {
          const lane = LANES.get(lock.lane);
          return [
            <span key="number">
              <bdi dir="ltr">{lock.destination}</bdi> <small>{country(lock.country)}</small>
            </span>,
            lane === undefined ? lock.lane : t(lane),
            <time key="until" dateTime={lock.until}>
              {dateTime(lock.until)}
            </time>,
          ];
        })}
        none={t('desk.noLocks')}
      />
    </Panel>
  );
}

export function TransportsPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, number } = words;
  return (
    <Panel id="desk-transports" title={t('desk.transports')}>
      {snapshot.transports.map(({ name, openCircuits, ...counts }) => (
        <article key={name} class="desk-entry">
          <h3>
            <bdi>{name}</bdi> <State isGood={openCircuits === 0}>{transportState(openCircuits)}</State>
          </h3>
          <dl>
            <Fact name={t('desk.accepted')} value={number(counts.accepted)} />
            <Fact name={t('desk.failed')} value={number(counts.failed)} />
            <Fact name={t('desk.delivered')} value={number(counts.delivered)} />
            <Fact name={t('desk.undelivered')} value={number(counts.undelivered)} />
          </dl>
        </article>
      ))}
    </Panel>
  );

  function transportState(openCircuits: number): string {
    return openCircuits === 0 ? t('desk.works') : t('desk.passedOver', { count: openCircuits });
  }
}

export function InstancesPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, number } = words;
  const { day, test } = snapshot;
  return (
    <Panel id="desk-instances" title={t('desk.instances')}>
      {snapshot.instances.map(({ name, status, hashing, store, dropped }) => (
        <article key={name} class="desk-entry">
          <h3>
            <bdi>{name}</bdi> <State isGood={status === 'up'}>{t(STATUS[status])}</State>
          </h3>
          <dl>
            <Fact name={t('desk.queue')} value={t('desk.queueState', { ...hashing })} />
            <Fact name={t('desk.store')} value={t('desk.milliseconds', { ms: store.latencyMs })} />
            <Fact name={t('desk.dropped')} value={number(dropped)} />
          </dl>
        </article>
      ))}
      <article class="desk-entry">
        <h3>{t('desk.apart')}</h3>
        <dl>
          <Fact name={t('desk.decoys')} value={number(day.decoyed)} />
          <Fact name={t('desk.test')} value={number(test.sent)} />
        </dl>
      </article>
    </Panel>
  );
}

function State({ isGood, children }: { readonly isGood: boolean; readonly children: string }): JSX.Element {
  return <span class={isGood ? 'desk-state desk-good' : 'desk-state desk-bad'}>{children}</span>;
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
