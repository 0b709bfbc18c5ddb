import type { JSX } from 'preact';
import type { TextKey } from '../i18n/texts/index.js';
import type { RefusalKind } from './desk-counts.js';
import { Panel, type PanelProps, Table, Term } from './panel.js';
import { ShareBar } from './share-bar.js';

const KINDS: Readonly<Record<RefusalKind, TextKey>> = {
  send: 'desk.kind.send',
  answer: 'desk.kind.answer',
  proof: 'desk.kind.proof',
  request: 'desk.kind.request',
};

export function CountriesPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, country, number, percent } = words;
  return (
    <Panel id="desk-countries" title={t('desk.countries')}>
      <Table
        columns={[t('desk.country'), t('desk.messages'), t('desk.share')]}
        numbers={2}
        rows={snapshot.countries.map((row) => [
          country(row.country),
          number(row.sent),
          <span key="share" class="desk-share-cell">
            <ShareBar share={row.share} />
            {percent(row.share)}
          </span>,
        ])}
        none={t('desk.nothing')}
      />
    </Panel>
  );
}

export function RefusalsPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, number } = words;
  const { refusals, limits } = snapshot;
  return (
    <Panel id="desk-refusals" title={t('desk.refusals')}>
      <Table
        columns={[t('desk.what'), t('desk.reason'), t('desk.times')]}
        numbers={1}
        rows={refusals.map(({ kind, reason, count }) => [
          t(KINDS[kind]),
          <Term key="reason">{reason}</Term>,
          number(count),
        ])}
        none={t('desk.nothing')}
      />
      {limits.length > 0 && (
        <Table
          caption={t('desk.limits')}
          columns={[t('desk.limit'), t('desk.times')]}
          numbers={1}
          rows={limits.map(({ limit, count }) => [<Term key="limit">{limit}</Term>, number(count)])}
          none={t('desk.nothing')}
        />
      )}
    </Panel>
  );
}
