import type { ComponentChildren, JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';
import type { DeskView } from './desk.js';
import { CostPanel } from './cost-panel.js';
import { EventsPanel } from './events-panel.js';
import { InstancesPanel, LockedPanel, TransportsPanel } from './operation-panels.js';
import { MinutesTable, OutcomeCards } from './outcome-cards.js';
import { CountriesPanel, RefusalsPanel } from './traffic-panels.js';
import type { PanelProps } from './panel.js';

export interface DeskPageProps {
  readonly view: DeskView;
  /** Beside the title, e.g. to sign out. */
  readonly actions?: ComponentChildren;
}

/** What happens right now, for who is on call. */
export function deskPage(words: Words, { view, actions }: DeskPageProps): Page {
  const { t } = words;
  return {
    title: t('frame.desk'),
    isLive: true,
    isWide: true,
    styles: ['desk.css'],
    body: (
      <div class="desk">
        <header class="desk-top">
          <div>
            <h1>{t('frame.desk')}</h1>
            <p class="desk-lead">{t('desk.lead')}</p>
          </div>
          {actions}
        </header>
        {view.outcome === 'ok' ? <Figures words={words} snapshot={view.snapshot} /> : <Unavailable words={words} />}
      </div>
    ),
  };
}

/** Each panel is a region of its own: what is scrolled, opened or has the focus stays when the figures change. */
function Figures(props: PanelProps): JSX.Element {
  const { words, snapshot } = props;
  return (
    <>
      <p class="desk-at" id="desk-at" data-swap="content">
        {words.t('desk.at', { time: words.time(snapshot.at) })}
      </p>
      <OutcomeCards {...props} />
      <MinutesTable {...props} />
      <div class="desk-panels">
        <CountriesPanel {...props} />
        <CostPanel {...props} />
        <RefusalsPanel {...props} />
        <LockedPanel {...props} />
        <TransportsPanel {...props} />
        <InstancesPanel {...props} />
      </div>
      <EventsPanel {...props} />
    </>
  );
}

function Unavailable({ words: { t } }: { readonly words: Words }): JSX.Element {
  return (
    <section class="card" id="desk-unavailable" data-swap="none">
      <p role="alert">{t('desk.unavailable')}</p>
      <p>
        <a href="/desk">{t('frame.unavailable.retry')}</a>
      </p>
    </section>
  );
}
