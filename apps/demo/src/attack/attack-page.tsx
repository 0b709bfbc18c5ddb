import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';
import type { AttackName } from './attack.js';
import type { AttackReport } from './attack-run.js';
import { AttackResult, dailyText } from './attack-result.js';
import { ATTACKS } from './attacks/index.js';

export interface AttackPageProps {
  readonly running: AttackName | undefined;
  /** The last run of each attack; `undefined` for those that were never launched. */
  readonly reports: readonly { readonly name: AttackName; readonly report: AttackReport | undefined }[];
  /** Another was asked for while one runs. */
  readonly isRefused: boolean;
}

/** Where the attacks are launched, and what they get through. */
export function attackPage(words: Words, { running, reports, isRefused }: AttackPageProps): Page {
  const { t } = words;
  return {
    title: t('attack.title'),
    isLive: true,
    isWide: true,
    styles: ['dev-attack.css'],
    body: (
      <div class="attacks">
        <h1>{t('attack.title')}</h1>
        <p class="lead">{t('attack.lead')}</p>
        <p class="attack-note">{t('attack.safe')}</p>
        <div class="card attack-bar">
          <div>
            <p id="attack-status" role="status" data-swap="content">
              {running === undefined ? t('attack.idle') : t('attack.running', { name: t(`attack.${running}.name`) })}
            </p>
            <p class="error" id="attack-error" role="alert" data-swap="content">
              {isRefused ? t('attack.busy') : ''}
            </p>
          </div>
          <noscript>
            <a href="/attack">{t('attack.refresh')}</a>
          </noscript>
          <form method="post" action="/attack/stop" data-enhance>
            <button class="quiet" type="submit">
              {t('attack.stop')}
            </button>
          </form>
        </div>
        <div class="attack-cards">
          {reports.map((entry) => (
            <AttackCard key={entry.name} words={words} {...entry} />
          ))}
        </div>
      </div>
    ),
  };
}

interface AttackCardProps {
  readonly words: Words;
  readonly name: AttackName;
  readonly report: AttackReport | undefined;
}

function AttackCard({ words, name, report }: AttackCardProps): JSX.Element {
  const { t } = words;
  return (
    <section class="card attack-card" id={name} aria-labelledby={`${name}-name`}>
      <h2 id={`${name}-name`}>{t(`attack.${name}.name`)}</h2>
      <p class="attack-about">{t(`attack.${name}.about`)}</p>
      <form method="post" action="/attack" data-enhance>
        <input type="hidden" name="attack" value={name} />
        <button class="primary" type="submit" id={`${name}-launch`} aria-labelledby={`${name}-launch ${name}-name`}>
          {t('attack.launch')}
        </button>
      </form>
      <div class="attack-result" id={`${name}-result`} data-swap="content">
        {report === undefined ? (
          <>
            <p class="attack-note">{t('attack.none')}</p>
            <p class="attack-note">{dailyText(ATTACKS[name].daily, words)}</p>
          </>
        ) : (
          <AttackResult words={words} report={report} />
        )}
      </div>
    </section>
  );
}
