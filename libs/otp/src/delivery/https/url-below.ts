/** An address below another one, which may end in slashes or not. `path`: without a slash at its beginning. */
export function urlBelow(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`;
}
