import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A file that was read at boot. */
export interface Asset {
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly contentType: string;
  /** Validator (RFC 9110 §8.8.3), quotes included; weak, for it is the same for both encodings. */
  readonly etag: string;
}

const FOLDER = fileURLToPath(new URL('../public/', import.meta.url));

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** The code field is a package of its own, served as it is. */
const CODE_INPUT = fileURLToPath(new URL('.', import.meta.resolve('otp-code-input')));

/** Files of the simulated phone and of the attacks, which production does not have. */
const DEV_FILE = /^dev-/;

/** Styles, scripts and pictures by name. Requests are looked up here and never reach the file system. */
export function readAssets({ production }: { readonly production: boolean }): ReadonlyMap<string, Asset> {
  const own = filesIn(FOLDER).filter((name) => !(production && DEV_FILE.test(name)));
  return new Map([
    ...own.map((name) => [name, readAsset(`${FOLDER}${name}`)] as const),
    ...filesIn(CODE_INPUT).map((name) => [`otp-code-input/${name}`, readAsset(`${CODE_INPUT}${name}`)] as const),
  ]);
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => CONTENT_TYPES.has(extname(name)));
}

function readAsset(path: string): Asset {
  const body = readFileSync(path);
  return {
    body,
    gzipped: gzipSync(body, { level: 9 }),
    contentType: CONTENT_TYPES.get(extname(path)) ?? 'text/plain; charset=utf-8',
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}
