import type { ComponentChildren, JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import type { DeskSnapshot } from './desk-snapshot.js';

export interface PanelProps {
  readonly words: Words;
  readonly snapshot: DeskSnapshot;
}

interface PanelFrameProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A part of the desk of a fixed height: what does not fit is scrolled to, and nothing else moves. */
export function Panel({ id, title, children }: PanelFrameProps): JSX.Element {
  return (
    <section class="card desk-panel">
      <h2 id={`${id}-title`}>{title}</h2>
      <div class="desk-scroll" role="region" aria-labelledby={`${id}-title`} tabIndex={0}>
        <div id={id} data-swap="content">
          {children}
        </div>
      </div>
    </section>
  );
}

interface TableProps {
  /** Says what the table is about where the panel's title does not. */
  readonly caption?: string;
  readonly columns: readonly string[];
  /** How many columns at the end hold numbers. */
  readonly numbers: number;
  /** Each begins with what it is about. */
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Instead of no rows. */
  readonly none: string;
}

export function Table({ caption, columns, numbers, rows, none }: TableProps): JSX.Element {
  const kind = (index: number) => (index >= columns.length - numbers ? 'desk-number' : undefined);
  if (rows.length === 0) {
    return <p class="desk-none">{none}</p>;
  }
  return (
    <table class="desk-table">
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={column} scope="col" class={kind(index)}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others], row) => (
          <tr key={row}>
            <th scope="row">{first}</th>
            {others.map((cell, index) => (
              <td key={index} class={kind(index + 1)}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A word of the module's own, as it stands in its events and in the logs. */
export function Term({ children }: { readonly children: string }): JSX.Element {
  return (
    <code class="desk-term" dir="ltr">
      {children}
    </code>
  );
}
