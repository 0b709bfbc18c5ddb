import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import { AttackChart } from './attack-chart.js';
import type { DailyBound } from './attack.js';
import type { AttackReport } from './attack-run.js';
import type { SideReport } from './side-tally.js';

export interface AttackResultProps {
  readonly words: Words;
  readonly report: AttackReport;
}

/** What got through on both sides so far. */
export function AttackResult({ words, report }: AttackResultProps): JSX.Element {
  const isOver = report.state !== 'running';
  return (
    <>
      <Progress words={words} report={report} />
      <div class="attack-sides">
        <Side words={words} counts={report.counts} side="module" report={report.module} isOver={isOver} />
        <Side words={words} counts={report.counts} side="plain" report={report.plain} isOver={isOver} />
      </div>
      <AttackChart words={words} report={report} />
      <p class="attack-note">{dailyText(report.daily, words)}</p>
      <RefusedBy words={words} report={report.module} />
    </>
  );
}

function Progress({ words: { t }, report }: AttackResultProps): JSX.Element {
  const { attack, state, steps, plannedSteps: planned, requests } = report;
  const text = {
    running: t('attack.progress', { steps, planned }),
    stopped: t('attack.stopped', { steps, planned }),
    done: t('attack.done', { requests }),
  }[state];
  return (
    <p class="attack-progress">
      <progress max={planned} value={steps} aria-labelledby={`${attack}-progress`} />
      <span id={`${attack}-progress`}>{text}</span>
    </p>
  );
}

interface SideProps {
  readonly words: Words;
  readonly counts: AttackReport['counts'];
  readonly side: 'module' | 'plain';
  readonly report: SideReport;
  /** What is still under way may have been asked before what was refused. */
  readonly isOver: boolean;
}

function Side({ words, counts, side, report, isOver }: SideProps): JSX.Element {
  const { t } = words;
  const { sent, compared, cost, firstRefusedAfter, victim } = report;
  const through = counts === 'messages' ? sent : compared;
  return (
    <div class={`attack-side attack-${side}`}>
      <h3>{t(`attack.${side}`)}</h3>
      <p class="attack-through">
        <strong>{words.number(through)}</strong> {t(`attack.${counts}`, { count: through })}
      </p>
      <p>
        <bdi dir="ltr">{t('attack.cost', { cost })}</bdi>
      </p>
      <p>
        {isOver &&
          (firstRefusedAfter === undefined ? t('attack.never') : t('attack.after', { count: firstRefusedAfter }))}
      </p>
      {victim !== undefined && <p class="attack-victim">{t(`attack.victim.${victim}`)}</p>}
    </div>
  );
}

/** What an attack gets in a day, whether it was launched or not. */
export function dailyText({ module, plain }: DailyBound, { t }: Words): string {
  return plain === 'unbounded' ? t('attack.daily.unbounded', { module }) : t('attack.daily', { module, plain });
}

/** The module's own names, as its events and docs have them. */
function RefusedBy({ words, report }: { readonly words: Words; readonly report: SideReport }): JSX.Element {
  const { t } = words;
  if (report.refusedBy.length === 0) {
    return <p class="attack-note">{t('attack.nothing')}</p>;
  }
  return (
    <table class="attack-refused">
      <thead>
        <tr>
          <th scope="col">{t('attack.refused')}</th>
          <th scope="col">{t('attack.times')}</th>
        </tr>
      </thead>
      <tbody>
        {report.refusedBy.map(({ by, times }) => (
          <tr key={by}>
            <td>
              <code dir="ltr">{by}</code>
            </td>
            <td>{words.number(times)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
