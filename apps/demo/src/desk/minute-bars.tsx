import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';

const STEP = 10;
const BAR = 7;
const HEIGHT = 48;
/** So that one is still seen beside a thousand. */
const LEAST_HEIGHT = 2;

export interface MinuteBarsProps {
  readonly id: string;
  readonly name: string;
  /** By minute, oldest first. */
  readonly values: readonly number[];
  readonly words: Words;
}

/** A bar for each minute, on a scale of its own. Time runs from left to right in every language, as on a clock's dial. */
export function MinuteBars({ id, name, values, words: { t } }: MinuteBarsProps): JSX.Element {
  const most = Math.max(...values, 0);
  return (
    <figure class="desk-figure">
      <svg
        class="desk-bars"
        viewBox={`0 0 ${values.length * STEP} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={`${id}-title`}
      >
        <title id={`${id}-title`}>{t('desk.chart', { name, most })}</title>
        <path class="desk-bar" d={pathOf(values, most)} />
        <rect class="desk-base" x="0" y={HEIGHT} width={values.length * STEP} height="1" />
      </svg>
      <figcaption class="desk-axis" dir="ltr" aria-hidden="true">
        <span dir="auto">{t('desk.hourAgo')}</span>
        <span dir="auto">{t('desk.now')}</span>
      </figcaption>
    </figure>
  );
}

/** The outlines of all bars that are there. */
export function pathOf(values: readonly number[], most: number): string {
  return values
    .flatMap((value, index) => {
      const height = Math.max(LEAST_HEIGHT, Math.round((value / most) * HEIGHT));
      return value > 0 ? [`M${index * STEP} ${HEIGHT}v-${height}h${BAR}v${height}z`] : [];
    })
    .join('');
}
