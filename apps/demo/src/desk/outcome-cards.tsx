import type { JSX } from 'preact';
import type { TextKey } from '../i18n/texts/index.js';
import { type Outcome, OUTCOMES } from './desk-counts.js';
import { MinuteBars } from './minute-bars.js';
import { type PanelProps, Table } from './panel.js';

const NAMES: Readonly<Record<Outcome, TextKey>> = {
  sent: 'desk.sent',
  answered: 'desk.answered',
  wrong: 'desk.wrong',
  refused: 'desk.refused',
};

/** How often, and when: a number and the bars of its minutes for each outcome. */
export function OutcomeCards({ words, snapshot }: PanelProps): JSX.Element {
  const { t, number } = words;
  return (
    <ul class="desk-cards">
      {OUTCOMES.map((outcome) => (
        <li key={outcome} class={`card desk-card desk-${outcome}`} id={`desk-${outcome}`} data-swap="content">
          <h2>{t(NAMES[outcome])}</h2>
          <p class="desk-count">
            <strong>{number(snapshot.hour[outcome])}</strong> {t('desk.lastHour')}
          </p>
          <p class="desk-day">{t('desk.day', { count: snapshot.day[outcome] })}</p>
          <MinuteBars
            id={`desk-${outcome}-bars`}
            name={t(NAMES[outcome])}
            values={snapshot.minutes.map((minute) => minute[outcome])}
            words={words}
          />
        </li>
      ))}
    </ul>
  );
}

/** What the bars show, in numbers: minutes in which something happened, newest first. */
export function MinutesTable({ words, snapshot }: PanelProps): JSX.Element {
  const { t, number, time } = words;
  const minutes = snapshot.minutes.filter((minute) => OUTCOMES.some((outcome) => minute[outcome] > 0)).toReversed();
  return (
    <details class="desk-details">
      <summary>{t('desk.minutes')}</summary>
      <div class="desk-scroll" role="region" aria-label={t('desk.minutes')} tabIndex={0}>
        <div id="desk-minutes" data-swap="content">
          <Table
            columns={[t('desk.minute'), ...OUTCOMES.map((outcome) => t(NAMES[outcome]))]}
            numbers={OUTCOMES.length}
            rows={minutes.map((minute) => [
              <time key="time" dateTime={minute.from}>
                {time(minute.from)}
              </time>,
              ...OUTCOMES.map((outcome) => number(minute[outcome])),
            ])}
            none={t('desk.nothing')}
          />
        </div>
      </div>
    </details>
  );
}
