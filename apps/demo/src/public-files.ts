import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that was read at boot. */
export interface PublicFile {
  readonly body: string;
  readonly contentType: string;
  /** Strong validator (RFC 9110 §8.8.3), quotes included. */
  readonly etag: string;
}

const FOLDER = fileURLToPath(new URL('./public/', import.meta.url));

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** Files of the development inbox, which production does not have. */
const DEV_FILE = /^dev-/;

/** Styles, scripts and pictures by name. Requests are looked up here and never reach the file system. */
export function readAssets({ production }: { readonly production: boolean }): ReadonlyMap<string, PublicFile> {
  const names = readdirSync(FOLDER).filter((name) => CONTENT_TYPES.has(extname(name)) && extname(name) !== '.html');
  const served = names.filter((name) => !(production && DEV_FILE.test(name)));
  return new Map(served.map((name) => [name, publicFile(readText(name), extname(name))]));
}

/** A page in which every `<!-- name -->` has been replaced by the value of that name. */
export function readPage(name: string, parts: Readonly<Record<string, string>> = {}): PublicFile {
  const body = Object.entries(parts).reduce(
    (html, [part, value]) => html.replace(`<!-- ${part} -->`, () => value),
    readText(name),
  );
  return publicFile(body, '.html');
}

export function readText(name: string): string {
  return readFileSync(`${FOLDER}${name}`, 'utf8');
}

function publicFile(body: string, extension: string): PublicFile {
  return {
    body,
    contentType: CONTENT_TYPES.get(extension) ?? 'text/plain; charset=utf-8',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}
