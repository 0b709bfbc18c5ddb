import type { Language } from '../languages.js';
import { account } from './account.js';
import { attack } from './attack.js';
import { codeStep } from './code-step.js';
import { desk } from './desk.js';
import { deskAccess } from './desk-access.js';
import { frame } from './frame.js';
import { numberChange } from './number-change.js';
import { phone } from './phone.js';
import { problems } from './problems.js';
import { signIn } from './sign-in.js';
import { signUp } from './sign-up.js';
import { transfer } from './transfer.js';

/** The keys of each part begin with its name, so none hides another. */
const textsIn = (language: Language) => ({
  ...frame[language],
  ...phone[language],
  ...problems[language],
  ...signIn[language],
  ...signUp[language],
  ...codeStep[language],
  ...account[language],
  ...transfer[language],
  ...numberChange[language],
  ...deskAccess[language],
  ...desk[language],
  ...attack[language],
});

export type TextKey = keyof ReturnType<typeof textsIn>;

export const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = {
  en: textsIn('en'),
  nl: textsIn('nl'),
  fr: textsIn('fr'),
  de: textsIn('de'),
  es: textsIn('es'),
  ar: textsIn('ar'),
};
