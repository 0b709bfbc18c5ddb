import type { JSX } from 'preact';
import type { DeskFact } from './desk-fact.js';
import { Panel, type PanelProps, Term } from './panel.js';

/** The last events as the module told them, newest first. Nothing is read out when it changes: it is there to be looked at. */
export function EventsPanel({ words, snapshot }: PanelProps): JSX.Element {
  const { t, time } = words;
  return (
    <Panel id="desk-events" title={t('desk.events')}>
      {snapshot.events.length === 0 && <p class="desk-none">{t('desk.nothing')}</p>}
      <ol class="desk-list">
        {snapshot.events.map((fact, index) => {
          const at = new Date(fact.at).toISOString();
          return (
            <li key={index}>
              <time dateTime={at}>{time(at)}</time>
              <Term>{fact.type}</Term>
              <span class="desk-about" dir="ltr">
                {detailsOf(fact).join(' · ')}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** In the module's own words, as they stand in its log. */
function detailsOf(fact: DeskFact): readonly string[] {
  const { destination, reason, limit, transport, state, channel, purpose, lane, clientNetwork, test } = fact;
  const all = [destination, reason, limit, transport, state, channel, purpose, lane, clientNetwork];
  return [...all.filter((value) => value !== undefined), ...(test === true ? ['test'] : [])];
}
