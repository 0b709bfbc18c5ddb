import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import type { AttackReport, SeriesPoint } from './attack-run.js';

const WIDTH = 320;
const HEIGHT = 96;
/** Lines at the edge keep their whole width. */
const EDGE = 2;

/** How much had got through after so many steps; a name tells the same as the lines. */
export function AttackChart({ words, report }: { readonly words: Words; readonly report: AttackReport }): JSX.Element {
  const { attack, series, plannedSteps } = report;
  const last = series.at(-1) ?? { steps: 0, module: 0, plain: 0 };
  const most = Math.max(1, last.module, last.plain);
  const line = (side: 'module' | 'plain') =>
    series.map((point) => place(point, side, { most, plannedSteps })).join(' ');
  return (
    <svg class="attack-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={`${attack}-chart`}>
      <title id={`${attack}-chart`}>{words.t('attack.chart', { ...last })}</title>
      <line class="attack-axis" x1={EDGE} y1={HEIGHT - EDGE} x2={WIDTH - EDGE} y2={HEIGHT - EDGE} />
      <polyline class="attack-line attack-line-plain" points={line('plain')} />
      <polyline class="attack-line attack-line-module" points={line('module')} />
    </svg>
  );
}

function place(
  point: SeriesPoint,
  side: 'module' | 'plain',
  { most, plannedSteps }: { readonly most: number; readonly plannedSteps: number },
): string {
  const x = EDGE + (point.steps / plannedSteps) * (WIDTH - 2 * EDGE);
  const y = HEIGHT - EDGE - (point[side] / most) * (HEIGHT - 2 * EDGE);
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}
