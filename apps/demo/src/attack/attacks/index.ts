import type { Attack, AttackName } from '../attack.js';
import { bombNumber } from './bomb-number.js';
import { guessNumber } from './guess-number.js';
import { guessNumbers } from './guess-numbers.js';
import { lockOut } from './lock-out.js';
import { pumpCountries } from './pump-countries.js';
import { pumpCountry } from './pump-country.js';
import { pumpPrefix } from './pump-prefix.js';
import { rotateIpv6 } from './rotate-ipv6.js';

export const ATTACKS: Readonly<Record<AttackName, Attack>> = {
  pump_countries: pumpCountries,
  pump_prefix: pumpPrefix,
  pump_country: pumpCountry,
  bomb_number: bombNumber,
  guess_number: guessNumber,
  guess_numbers: guessNumbers,
  rotate_ipv6: rotateIpv6,
  lock_out: lockOut,
};
