import type { Words } from '../i18n/words.js';
import type { Page } from './page.js';

/** @param path where to try again; a path of this demo */
export function unavailablePage({ t }: Words, path: string): Page {
  return {
    title: t('frame.unavailable.title'),
    body: (
      <section class="card">
        <h1>{t('frame.unavailable.title')}</h1>
        <p class="lead">{t('frame.unavailable.lead')}</p>
        <p>
          <a class="button primary" href={path}>
            {t('frame.unavailable.retry')}
          </a>
        </p>
      </section>
    ),
  };
}

export function problemPage({ t }: Words, text: string): Page {
  return {
    title: t('frame.problem.title'),
    body: (
      <section class="card">
        <h1>{t('frame.problem.title')}</h1>
        <p class="lead" role="alert">
          {text}
        </p>
        <p>
          <a class="button quiet" href="/">
            {t('frame.notFound.home')}
          </a>
        </p>
      </section>
    ),
  };
}

export function notFoundPage({ t }: Words): Page {
  return {
    title: t('frame.notFound.title'),
    body: (
      <section class="card">
        <h1>{t('frame.notFound.title')}</h1>
        <p class="lead">{t('frame.notFound.lead')}</p>
        <p>
          <a class="button quiet" href="/">
            {t('frame.notFound.home')}
          </a>
        </p>
      </section>
    ),
  };
}
