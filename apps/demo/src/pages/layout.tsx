import type { JSX } from 'preact';
import { HANDSET_ID } from '../handset/handset.js';
import type { Words } from '../i18n/words.js';
import type { Page } from './page.js';

export interface LayoutProps {
  readonly words: Words;
  readonly page: Page;
  readonly production: boolean;
  /** Whether anybody may see the desk. */
  readonly hasDesk: boolean;
  /** Beside the page, where there is one. */
  readonly handset?: JSX.Element | undefined;
}

/** The frame of every page. */
export function Layout({ words, page, production, hasDesk, handset }: LayoutProps): JSX.Element {
  const { t, language, direction } = words;
  const shown = page.isWide === true ? undefined : handset;
  return (
    <html lang={language} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${page.title} · ${t('frame.bank')}`}</title>
        <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/app.css" />
        <link rel="stylesheet" href="/assets/otp-code-input/otp-code-input.css" />
        {[...(shown === undefined ? [] : ['dev-phone.css']), ...(page.styles ?? [])].map((name) => (
          <link key={name} rel="stylesheet" href={`/assets/${name}`} />
        ))}
        <script type="module" src="/assets/otp-code-input/otp-code-input.js" />
        <script type="module" src="/assets/forms.js" />
        {(page.isLive === true || page.watches === true || shown !== undefined) && (
          <script type="module" src="/assets/live.js" />
        )}
      </head>
      <body data-unreachable={t('frame.unreachable')}>
        <a class="skip" href="#main">
          {t('frame.skip')}
        </a>
        {shown !== undefined && (
          <a class="skip" href={`#${HANDSET_ID}`}>
            {t('frame.skipToPhone')}
          </a>
        )}
        <header class="top">
          <a class="brand" href={page.isSignedIn === true ? '/account' : '/'}>
            <img src="/assets/favicon.svg" alt="" width="32" height="32" />
            {t('frame.bank')}
          </a>
          {page.isSignedIn === true && <SignedInNavigation words={words} />}
        </header>
        <div class={shown === undefined ? 'columns' : 'columns with-phone'}>
          <main
            id="main"
            tabIndex={-1}
            class={page.isWide === true ? 'wide' : undefined}
            data-live={page.isLive === true ? '' : undefined}
          >
            {page.body}
          </main>
          {shown}
        </div>
        <footer class="bottom">
          <p>{t('frame.madeUp')}</p>
          {hasDesk && (
            <nav aria-label={t('frame.otherPages')}>
              <a href="/desk">{t('frame.desk')}</a>
              {!production && <a href="/attack">{t('frame.attack')}</a>}
            </nav>
          )}
        </footer>
      </body>
    </html>
  );
}

function SignedInNavigation({ words: { t } }: { readonly words: Words }): JSX.Element {
  return (
    <nav class="actions" aria-label={t('frame.navigation')}>
      <a href="/account">{t('frame.account')}</a>
      <a href="/transfer">{t('frame.transfer')}</a>
      <form method="post" action="/session/end">
        <button class="quiet" type="submit">
          {t('frame.signOut')}
        </button>
      </form>
    </nav>
  );
}
