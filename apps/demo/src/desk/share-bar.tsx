import type { JSX } from 'preact';

/** A share as a bar beside its number, which says the same. */
export function ShareBar({ share }: { readonly share: number }): JSX.Element {
  return (
    <svg class="desk-share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="desk-track" width="100" height="6" />
      <rect class="desk-bar" width={Math.round(share * 100)} height="6" />
    </svg>
  );
}
