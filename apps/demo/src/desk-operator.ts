import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { DemoConfigError, read, type Environment } from './environment.js';

/** The one person who may see the security desk. */
export interface DeskOperator {
  readonly password: string;
  /** E.164: where the code goes. */
  readonly phoneNumber: string;
}

const MIN_PASSWORD_LENGTH = 15;
/** As much as the sign-in page takes. */
const MAX_PASSWORD_LENGTH = 128;

/** Shown on the desk's sign-in page, in development only. */
export const SAMPLE_OPERATOR: DeskOperator = { password: 'watch the coast line', phoneNumber: '+31640002002' };

/**
 * In production there is a desk only for whom the environment names.
 *
 * @throws DemoConfigError
 */
export function readDeskOperator(env: Environment, production: boolean): DeskOperator | undefined {
  const password = read(env, 'DESK_PASSWORD');
  const typed = read(env, 'DESK_PHONE_NUMBER');
  if (password === undefined && typed === undefined) {
    return production ? undefined : SAMPLE_OPERATOR;
  }
  if (password === undefined || typed === undefined) {
    throw new DemoConfigError('DESK_PASSWORD and DESK_PHONE_NUMBER belong together: set both, or neither.');
  }
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw new DemoConfigError(`DESK_PASSWORD has fewer than ${MIN_PASSWORD_LENGTH} characters: use a longer one.`);
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw new DemoConfigError(`DESK_PASSWORD has more than ${MAX_PASSWORD_LENGTH} characters: use a shorter one.`);
  }
  const number = parsePhoneNumberFromString(typed, { extract: false });
  if (number?.isValid() !== true || number.ext !== undefined) {
    throw new DemoConfigError('DESK_PHONE_NUMBER is no phone number: use e.g. DESK_PHONE_NUMBER=+31612345678.');
  }
  return { password, phoneNumber: number.number };
}
