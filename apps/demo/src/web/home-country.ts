import { regionOf } from '../i18n/languages.js';
import type { DemoRequest } from './demo-request.js';

/** The country to begin with in a form: the one that the browser's language names, where codes are sent there. */
export function homeCountry(request: DemoRequest, countries: readonly string[]): string {
  const region = regionOf(request.headers['accept-language']);
  return region !== undefined && countries.includes(region) ? region : '';
}
