import type { JSX } from 'preact';
import type { TextKey } from '../i18n/texts/index.js';
import type { Words } from '../i18n/words.js';
import { Panel, type PanelProps, Table } from './panel.js';

const CHANNELS: ReadonlyMap<string, TextKey> = new Map([
  ['sms', 'phone.channel.sms'],
  ['voice', 'phone.channel.voice'],
  ['whatsapp', 'phone.channel.whatsapp'],
  ['email', 'phone.channel.email'],
]);

export function CostPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, country, number } = words;
  const { spent, perDay, rows } = snapshot.cost;
  const dollars = dollarsIn(words);
  return (
    <Panel id="desk-cost" title={t('desk.cost')}>
      <p class="desk-spent" id="desk-spent">
        {perDay === undefined
          ? t('desk.noBudget', { spent: dollars(spent) })
          : t('desk.budget', { spent: dollars(spent), budget: dollars(perDay) })}
      </p>
      {perDay !== undefined && (
        <meter
          class="desk-meter"
          min={0}
          max={perDay}
          low={perDay * 0.5}
          high={perDay * 0.8}
          optimum={0}
          value={Math.min(spent, perDay)}
          aria-labelledby="desk-spent"
        />
      )}
      <p class="hint">{t('desk.estimate')}</p>
      <Table
        columns={[t('desk.country'), t('desk.channel'), t('desk.messages'), t('desk.amount')]}
        numbers={2}
        rows={rows.map((row) => {
          const channel = CHANNELS.get(row.channel);
          return [
            country(row.country),
            channel === undefined ? row.channel : t(channel),
            number(row.count),
            <bdi key="amount">{dollars(row.amount)}</bdi>,
          ];
        })}
        none={t('desk.nothing')}
      />
    </Panel>
  );
}

/** The currency of the module's own price table. */
function dollarsIn({ language }: Words): (amount: number) => string {
  const format = new Intl.NumberFormat(`${language}-u-nu-latn`, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
  });
  return (amount) => format.format(amount);
}
