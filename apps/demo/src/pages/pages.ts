import { COUNTRIES } from '../countries.js';
import { readAssets, readPage, readText, type PublicFile } from '../public-files.js';

/** What the demo serves, read and put together once. */
export class Pages {
  readonly signIn: PublicFile;
  readonly account: PublicFile;
  readonly unavailable: PublicFile;
  readonly assets: ReadonlyMap<string, PublicFile>;

  constructor({ production, countries = COUNTRIES }: { production: boolean; countries?: readonly string[] }) {
    const phone = production ? '' : readText('dev-phone.html');
    this.signIn = readPage('index.html', { countries: countryOptions(countries), phone });
    this.account = readPage('account.html');
    this.unavailable = readPage('unavailable.html');
    this.assets = readAssets({ production });
  }
}

function countryOptions(codes: readonly string[]): string {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  return codes
    .map((code) => ({ code, name: names.of(code) ?? code }))

    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ code, name }) => `<option value="${code}">${name.replace('&', '&amp;')}</option>`)
    .join('\n');
}
